import assert from 'node:assert/strict';
import { doubtOn } from '../../../server/src/gnn/doubt';
import { UnsettledArchitectureError } from '../../../server/src/gnn/unrecognised';

/** Eight graphs of class 0, then four of class 1. */
const labels = Array.from({ length: 12 }, (_, i) => (i < 8 ? 0 : 1));
const clean = { labels, majority: labels.map((label) => label === 0) };
const assumed = { readout: 'sum', residual: false } as const;

function of(predicted: readonly number[]) {
  return { predicted, hits: predicted.map((one, i) => one === labels[i]) };
}

describe('doubtOn', () => {
  it('has none where a model clearly predicts the labels', () => {
    assert.equal(doubtOn(of(labels), clean, assumed), undefined);
  });

  it('doubts what gets no more right than always the most frequent class, and says how to state the parts', () => {
    const doubt = doubtOn(of(labels.map(() => 0)), clean, assumed);
    assert.ok(doubt instanceof UnsettledArchitectureError);
    assert.equal(doubt.assumed, assumed);
    assert.match(doubt.reason, /right on 66\.7% of 12 clean graphs, not clearly more than .* \(66\.7%\)/);
    assert.ok(doubt.reason.endsWith('"architecture": {"readout":"sum","residual":false}'));
  });

  it('doubts what gets a little more right, as chance may bring it', () => {
    const once = labels.map((_, i) => (i === 11 ? 1 : 0));
    assert.ok(doubtOn(of(once), clean, assumed) instanceof UnsettledArchitectureError);
  });

  it('has none where nothing is assumed', () => {
    assert.equal(doubtOn(of(labels.map((label) => 1 - label)), clean, {}), undefined);
  });
});
