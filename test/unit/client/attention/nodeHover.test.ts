import assert from 'node:assert/strict';
import { nodeHover } from '../../../../client/attention/nodeHover';
import { appendingGraph, attentionGraph } from '../../../support/attention';

describe('nodeHover', () => {
  it('tells label, trigger, attention on both sides, and neighbours', () => {
    assert.deepEqual(nodeHover(attentionGraph, 2, 1), [
      '**Node 1** · label 10 · carries the trigger',
      'Attention in layer 2: 0.81 before, 0.50 after',
      'Neighbours: 3: 0 (label 9), 2 (label -2), 3',
    ]);
  });

  it('tells what only one side has', () => {
    assert.deepEqual(nodeHover(appendingGraph, 1, 4), [
      '**Node 4** · label 7 · carries the trigger',
      'Attention in layer 1: none before, 0.31 after',
      'Neighbours: none before, 1: 0 (label 9) after',
    ]);
    assert.equal(nodeHover(appendingGraph, 1, 5), undefined);
  });

  it('tells attributes, the first of many', () => {
    const attributes = [Array.from({ length: 20 }, (_, i) => i / 3)];
    const side = { ...attentionGraph.after, attributes };
    const lines = nodeHover({ ...attentionGraph, before: side, after: side }, 1, 0);
    assert.match(lines?.at(-1) ?? '', /^Attributes: 0, 0\.3333, 0\.6667, .*, 5, \.\.\. \(20\)$/);
  });
});
