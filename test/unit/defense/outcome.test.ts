import assert from 'node:assert/strict';
import { attackSuccess, purificationOutcome } from '../../../server/src/defense/outcome';

const before = { acc: 0.98, asr: 0.97, flipAsr: 0.97, cleanTargetRate: 0.02 };

describe('outcome of a purification', () => {
  it('prefers the flip ASR, which a model that predicts the target often can still bring to zero', () => {
    assert.equal(attackSuccess({ acc: 0.9, asr: 0.4, flipAsr: 0.1 }), 0.1);
    assert.equal(attackSuccess({ acc: 0.9, asr: 0.4 }), 0.4);
    assert.equal(attackSuccess({ acc: 0.9 }), undefined);
  });

  it('reports an attack that stays and accuracy that is lost, each by itself', () => {
    assert.deepEqual(purificationOutcome(before, { acc: 0.97, flipAsr: 0.02 }), []);
    assert.deepEqual(purificationOutcome(before, { acc: 0.97, flipAsr: 0.5 }), ['GN301']);
    assert.deepEqual(purificationOutcome(before, { acc: 0.8, flipAsr: 0.02 }), ['GN302']);
    assert.deepEqual(purificationOutcome(before, { acc: 0.8, flipAsr: 0.5 }), ['GN301', 'GN302']);
  });

  it('does not ask for more robustness than clean models have', () => {
    assert.deepEqual(purificationOutcome(before, { acc: 0.97, flipAsr: 0.35 }, undefined, 0.39), []);
  });
});
