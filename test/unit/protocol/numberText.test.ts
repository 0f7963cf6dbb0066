import assert from 'node:assert/strict';
import { estimateText, percent, plural, shareOfModels } from '../../../protocol/numberText';

describe('figures in words', () => {
  it('writes shares as percentages', () => {
    assert.equal(percent(0.975), '98%');
    assert.equal(percent(0.975, 1), '97.5%');
    assert.equal(percent(0), '0%');
  });

  it('writes an estimate with its interval', () => {
    assert.equal(estimateText({ value: 0.97, low: 0.91, high: 0.99, count: 45 }), '97% (91-99%)');
    assert.equal(estimateText({ value: 0, low: 0, high: 1, count: 0 }), 'not measured');
  });

  it('never rounds a share of models up to all', () => {
    assert.deepEqual([shareOfModels(0.996), shareOfModels(1)], ['99% of', 'all']);
  });

  it('counts', () => {
    assert.equal(plural(1, 'graph'), '1 graph');
    assert.equal(plural(12345, 'byte'), '12,345 bytes');
  });
});
