import assert from 'node:assert/strict';
import type { TriggerSummary } from '../../../protocol/reports';
import { cliqueEdges, pathEdges, ringEdges, starEdges } from '../../../server/src/attack/motifs';
import { describeTrigger } from '../../../server/src/scan/describeTrigger';

const trigger = (changes: Partial<TriggerSummary>): TriggerSummary => ({
  target: 1,
  nodes: 4,
  edges: null,
  labels: null,
  placement: 'random',
  replace: true,
  ...changes,
});

describe('describeTrigger', () => {
  it('names the usual shapes', () => {
    assert.equal(describeTrigger(trigger({ edges: cliqueEdges(4) })), '4-node clique put on random nodes');
    assert.equal(describeTrigger(trigger({ edges: ringEdges(4) })), '4-node ring put on random nodes');
    assert.equal(describeTrigger(trigger({ edges: starEdges(4) })), '4-node star put on random nodes');
    assert.equal(describeTrigger(trigger({ edges: pathEdges(4) })), '4-node path put on random nodes');
    const twoRings = [...ringEdges(3), ...ringEdges(3).map(([u, v]) => [u + 3, v + 3] as const)];
    assert.equal(
      describeTrigger(trigger({ nodes: 6, edges: twoRings })),
      '6-node subgraph of 6 edges put on random nodes',
    );
    assert.equal(describeTrigger(trigger({ edges: [[0, 1]] })), '4-node subgraph of 1 edge put on random nodes');
  });

  it('says where it goes and what it sets', () => {
    const ring = ringEdges(4);
    assert.equal(
      describeTrigger(trigger({ edges: ring, labels: [1, 1, 2, 2], placement: 'degree' })),
      '4-node ring with its own labels put on hub nodes',
    );
    assert.equal(
      describeTrigger(trigger({ labels: [0, 1, 2, 3], placement: 'low-degree' })),
      '4-node set of labels put on nodes of low degree',
    );
    assert.equal(
      describeTrigger(trigger({ edges: ring, attach: 'new-nodes', placement: 'bfs' })),
      '4-node ring appended to one node',
    );
  });
});
