import assert from 'node:assert/strict';
import fc from 'fast-check';
import { neighbourLists, nodeDegrees } from '../../../../server/src/graph/edges';
import type { Graph } from '../../../../server/src/graph/graph';
import { Rng } from '../../../../server/src/graph/rng';
import { growGraph } from '../../../../server/src/scan/synthetic/growGraph';

const grown = (nodeCount: number, meanDegree: number, seed: number): Graph => ({
  ...{ nodeCount, edges: growGraph(nodeCount, meanDegree, new Rng(seed)), classLabel: 0 },
  ...{ nodeLabels: new Int32Array(0), attributes: new Float32Array(0) },
});

function isConnected(graph: Graph): boolean {
  const neighbours = neighbourLists(graph);
  const seen = new Set([0]);
  for (const node of seen) for (const other of neighbours[node]) seen.add(other);
  return seen.size === graph.nodeCount;
}

describe('grown graphs', () => {
  it('are connected, simple and as dense as asked for', () => {
    const inputs = [fc.integer({ min: 10, max: 60 }), fc.double({ min: 2, max: 5, noNaN: true }), fc.nat()] as const;
    fc.assert(
      fc.property(...inputs, (nodeCount, meanDegree, seed) => {
        const graph = grown(nodeCount, meanDegree, seed);
        assert.ok(isConnected(graph));
        const edges = graph.edges.length / 2;
        assert.ok(edges >= nodeCount - 1);
        assert.ok(edges <= Math.max(nodeCount - 1, (nodeCount * meanDegree) / 2 + 1));
        for (let i = 0; i < graph.edges.length; i += 2) assert.ok(graph.edges[i] < graph.edges[i + 1]);
      }),
      { numRuns: 50 },
    );
  });

  it('reach the mean degree on average', () => {
    for (const wanted of [2.1, 3.7]) {
      const graphs = Array.from({ length: 60 }, (_, seed) => grown(40, wanted, seed));
      const mean = graphs.reduce((sum, { edges }) => sum + edges.length / 40, 0) / graphs.length;
      assert.ok(Math.abs(mean - wanted) < 0.1, `${mean} is not ${wanted}`);
    }
  });

  it('look like molecules where they are sparse, and are full of triangles where they are dense', () => {
    const sparse = grown(50, 2.1, 1);
    assert.ok(Math.max(...nodeDegrees(sparse)) <= 4);
    assert.equal(triangles(sparse), 0);
    assert.ok(triangles(grown(50, 4, 1)) > 5);
  });

  it('are the same for the same seed, and a single node has no edge', () => {
    assert.deepEqual(growGraph(30, 3, new Rng(5)), growGraph(30, 3, new Rng(5)));
    assert.equal(growGraph(1, 3, new Rng(5)).length, 0);
  });
});

function triangles(graph: Graph): number {
  const neighbours = neighbourLists(graph);
  let count = 0;
  for (let i = 0; i < graph.edges.length; i += 2) {
    const [u, v] = [graph.edges[i], graph.edges[i + 1]];
    count += neighbours[u].filter((node) => neighbours[v].includes(node)).length;
  }
  return count / 3;
}
