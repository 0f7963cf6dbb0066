import assert from 'node:assert/strict';
import fc from 'fast-check';
import { chooseHostNodes } from '../../../server/src/attack/placement';
import type { Placement } from '../../../server/src/attack/trigger';
import { nodeDegrees } from '../../../server/src/graph/edges';
import { Rng } from '../../../server/src/graph/rng';
import { arbitraryGraph, graphOf } from '../../support/graphs';

/** Node 2 is the hub of 0-1, 1-2, 2-3, 2-4; 5-6 is apart. Degrees 1 2 3 1 1 1 1. */
const host = graphOf(7, {
  edges: [
    [0, 1],
    [1, 2],
    [2, 3],
    [2, 4],
    [5, 6],
  ],
});
const choose = (count: number, placement: 'random' | 'degree' | 'bfs' | 'low-degree', seed = 0): number[] => [
  ...chooseHostNodes(host, count, placement, new Rng(seed)),
];

describe('chooseHostNodes', () => {
  it('takes the highest degrees, ties to the smaller id', () => {
    assert.deepEqual(choose(4, 'degree'), [2, 1, 0, 3]);
  });

  it('takes the lowest degrees, ties to the smaller id', () => {
    assert.deepEqual(choose(3, 'low-degree'), [0, 3, 4]);
  });

  it('orders all nodes of any graph so', () => {
    fc.assert(
      fc.property(arbitraryGraph, (graph) => {
        const degrees = nodeDegrees(graph);
        const nodes = Int32Array.from({ length: graph.nodeCount }, (_, node) => node);
        const order = (placement: Placement): Int32Array =>
          chooseHostNodes(graph, graph.nodeCount, placement, new Rng(0));
        assert.deepEqual(
          order('degree'),
          nodes.slice().sort((u, v) => degrees[v] - degrees[u] || u - v),
        );
        assert.deepEqual(
          order('low-degree'),
          nodes.slice().sort((u, v) => degrees[u] - degrees[v] || u - v),
        );
      }),
      { seed: 3, numRuns: 200 },
    );
  });

  it('goes breadth-first from the hub, then on to other components', () => {
    assert.deepEqual(choose(5, 'bfs'), [2, 1, 3, 4, 0]);
    assert.deepEqual(choose(7, 'bfs'), [2, 1, 3, 4, 0, 5, 6]);
  });

  it('takes every set of random nodes equally often', () => {
    const counts = new Map<string, number>();
    for (let seed = 0; seed < 4200; seed++) {
      const key = choose(2, 'random', seed).sort().join();
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    assert.equal(counts.size, 21);
    for (const [key, count] of counts) assert.ok(Math.abs(count - 200) < 70, `${key}: ${count}`);
  });

  it('gives all nodes where more are wanted, and none of an empty graph', () => {
    for (const placement of ['random', 'degree', 'bfs', 'low-degree'] as const) {
      assert.deepEqual(choose(99, placement).sort(), [0, 1, 2, 3, 4, 5, 6]);
      assert.equal(chooseHostNodes(graphOf(0), 3, placement, new Rng(0)).length, 0);
    }
  });
});
