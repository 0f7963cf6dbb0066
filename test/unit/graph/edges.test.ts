import assert from 'node:assert/strict';
import fc from 'fast-check';
import { canonicalEdges, hasEdge, labelsOfEdges, neighbourLists, nodeDegrees } from '../../../server/src/graph/edges';
import { arbitraryGraph, edgePairs, graphFault, graphOf } from '../../support/graphs';

describe('canonicalEdges', () => {
  it('sorts, orients and deduplicates, and drops self-loops', () => {
    assert.deepEqual([...canonicalEdges(5, [3, 1, 1, 3, 2, 2, 4, 0, 0, 1])], [0, 1, 0, 4, 1, 3]);
  });

  it('is exact for large node ids', () => {
    const nodes = 1 << 26;
    assert.deepEqual([...canonicalEdges(nodes, [nodes - 1, nodes - 2])], [nodes - 2, nodes - 1]);
  });

  it('does the same to few pairs and to many', () => {
    const nodes = 40;
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: nodes - 1 }), { maxLength: 200 }), (pairs) => {
        const there = new Set<number>();
        for (let i = 0; i + 1 < pairs.length; i += 2) {
          const [u, v] = [Math.min(pairs[i], pairs[i + 1]), Math.max(pairs[i], pairs[i + 1])];
          if (u !== v) there.add(u * nodes + v);
        }
        const keys = [...there].sort((a, b) => a - b);
        assert.deepEqual(
          [...canonicalEdges(nodes, pairs)],
          keys.flatMap((key) => [Math.floor(key / nodes), key % nodes]),
        );
      }),
      { seed: 4, numRuns: 200 },
    );
  });

  it('gives valid graphs that it leaves alone', () => {
    fc.assert(
      fc.property(arbitraryGraph, (graph) => {
        assert.equal(graphFault(graph), undefined);
        assert.deepEqual(canonicalEdges(graph.nodeCount, graph.edges), graph.edges);
      }),
      { seed: 1, numRuns: 200 },
    );
  });
});

describe('neighbourLists and nodeDegrees', () => {
  it('list each neighbour once, ascending', () => {
    const graph = graphOf(4, {
      edges: [
        [2, 0],
        [1, 0],
        [2, 3],
      ],
    });
    assert.deepEqual(neighbourLists(graph), [[1, 2], [0], [0, 3], [2]]);
    assert.deepEqual([...nodeDegrees(graph)], [2, 1, 2, 1]);
  });

  it('agree with each other and with the edges', () => {
    fc.assert(
      fc.property(arbitraryGraph, (graph) => {
        const lists = neighbourLists(graph);
        assert.deepEqual(
          [...nodeDegrees(graph)],
          lists.map((list) => list.length),
        );
        for (const [u, v] of edgePairs(graph)) assert.ok(lists[u].includes(v) && lists[v].includes(u));
      }),
      { seed: 2, numRuns: 100 },
    );
  });
});

describe('labelsOfEdges', () => {
  const graph = graphOf(3, {
    edges: [
      [0, 1],
      [1, 2],
    ],
  });

  it('gives edges that the graph has their label, in either direction, and others label 0', () => {
    const labelled = { ...graph, edgeLabels: Int32Array.of(5, 6) };
    assert.deepEqual([...(labelsOfEdges(labelled, [2, 1, 0, 2, 0, 1]) ?? [])], [6, 0, 5]);
  });

  it('gives none where the edges of the graph have none', () => {
    assert.equal(labelsOfEdges(graph, [0, 1]), undefined);
  });
});

describe('hasEdge', () => {
  it('finds the edges of a graph, in either direction, and no others', () => {
    fc.assert(
      fc.property(arbitraryGraph, (graph) => {
        const edges = new Set(edgePairs(graph).map(String));
        for (let u = 0; u < graph.nodeCount; u++) {
          for (let v = 0; v < graph.nodeCount; v++) {
            assert.equal(hasEdge(graph, u, v), edges.has(String([Math.min(u, v), Math.max(u, v)])));
          }
        }
      }),
      { seed: 2, numRuns: 100 },
    );
  });
});
