import assert from 'node:assert/strict';
import fc from 'fast-check';
import { neighbourLists } from '../../../server/src/graph/edges';
import type { Graph } from '../../../server/src/graph/graph';
import { recombineGraphs } from '../../../server/src/graph/recombine';
import { Rng } from '../../../server/src/graph/rng';
import { attributeWidthOf } from '../../../server/src/graph/subgraph';
import { arbitraryGraph, edgePairs, graphFault, graphOf } from '../../support/graphs';

/** A ring whose nodes all carry one label and one attribute, so that the origin of each node can be seen. */
function ring(nodes: number, label: number, classLabel: number): Graph {
  return graphOf(nodes, {
    edges: Array.from({ length: nodes }, (_, i) => [i, (i + 1) % nodes] as const),
    labels: new Array<number>(nodes).fill(label),
    attributes: new Array<number>(nodes).fill(label / 2),
    classLabel,
  });
}

function components(graph: Graph): number {
  const lists = neighbourLists(graph);
  const seen = new Set<number>();
  let count = 0;
  for (let start = 0; start < graph.nodeCount; start++) {
    if (seen.has(start)) continue;
    count++;
    const queue = [start];
    for (let node = queue.pop(); node !== undefined; node = queue.pop()) {
      if (seen.has(node)) continue;
      seen.add(node);
      queue.push(...lists[node]);
    }
  }
  return count;
}

describe('recombineGraphs', () => {
  const clean = [ring(20, 0, 0), ring(30, 1, 1), ring(40, 2, 2)];

  it('starts with the copies, at most half of all', () => {
    const some = recombineGraphs(clean, { count: 20 }, new Rng(1));
    assert.deepEqual([...some.source.subarray(0, 7)], [0, 1, 2, 0, 1, 2, -1]);
    assert.ok(some.graphs.slice(0, 6).every((graph, i) => graph === clean[i % 3]));
    const few = recombineGraphs(clean, { count: 5, copies: 4 }, new Rng(1));
    assert.deepEqual([...few.source], [0, 1, -1, -1, -1]);
    assert.deepEqual([...recombineGraphs(clean, { count: 4, copies: 0 }, new Rng(1)).source], [-1, -1, -1, -1]);
  });

  it('repeats itself for the same seed', () => {
    const run = (seed: number): Graph[] => recombineGraphs(clean, { count: 30 }, new Rng(seed)).graphs;
    assert.deepEqual(run(4), run(4));
    assert.notDeepEqual(run(4), run(5));
  });

  it('mixes joined pieces, kept pieces and noise as the method says', () => {
    const count = 4000;
    const { graphs } = recombineGraphs(clean, { count, copies: 0 }, new Rng(2));
    let noisy = 0;
    let kept = 0;
    for (const graph of graphs) {
      const donor = clean[graph.classLabel];
      const share = graph.nodeCount / donor.nodeCount;
      if (share === 1 && edgePairs(graph).length > donor.nodeCount * 0.75) {
        noisy++;
      } else if (new Set(graph.nodeLabels).size === 1 && components(graph) === 1 && share >= 0.55 && share < 0.95) {
        kept++;
      }
    }
    assert.ok(Math.abs(noisy / count - 0.15) < 0.03, `noise ${noisy / count}`);
    // Joined pieces of one and the same graph can look like kept ones.
    assert.ok(kept / count > 0.22 && kept / count < 0.4, `kept ${kept / count}`);
  });

  it('joins two pieces by one or two edges', () => {
    const { graphs } = recombineGraphs([ring(20, 0, 0), ring(20, 1, 1)], { count: 2000, copies: 0 }, new Rng(3));
    const bridgeCounts = [0, 0, 0];
    for (const graph of graphs) {
      const labels = graph.nodeLabels;
      const firstOther = labels.findIndex((label) => label !== labels[0]);
      if (firstOther < 0) continue;
      const inBlocks = labels.every((label, node) =>
        node < firstOther ? label === labels[0] : label === 1 - labels[0],
      );
      if (!inBlocks || graph.nodeCount === 20) continue;
      assert.equal(graph.classLabel, labels[0]);
      const share = firstOther / 20;
      assert.ok(share >= 0.3 && share <= 0.85, `first piece ${share}`);
      const bridges = edgePairs(graph).filter(([u, v]) => u < firstOther && v >= firstOther).length;
      assert.equal(components(graph), 1);
      bridgeCounts[bridges]++;
    }
    assert.equal(bridgeCounts[0], 0);
    const joined = bridgeCounts[1] + bridgeCounts[2];
    assert.ok(joined > 400);
    assert.ok(Math.abs(bridgeCounts[1] / joined - 0.7) < 0.06);
  });

  it('gives valid graphs from any clean graphs, labels and attributes moving together', () => {
    fc.assert(
      fc.property(fc.array(arbitraryGraph, { minLength: 1, maxLength: 4 }), fc.nat(), (graphs, seed) => {
        const tied = graphs.map((graph) => ({
          ...graph,
          attributes: Float32Array.from(graph.nodeLabels, (l) => l * 3),
        }));
        const made = recombineGraphs(tied, { count: 12 }, new Rng(seed));
        assert.equal(made.graphs.length, 12);
        for (const graph of made.graphs) {
          assert.equal(graphFault(graph), undefined);
          assert.equal(attributeWidthOf(graph), 1);
          graph.nodeLabels.forEach((label, node) => assert.equal(graph.attributes[node], label * 3));
        }
      }),
      { seed: 7, numRuns: 200 },
    );
  });

  it('works without labels and attributes', () => {
    const bare = graphOf(8, { edges: edgePairs(ring(8, 0, 0)) });
    for (const graph of recombineGraphs([bare], { count: 40 }, new Rng(1)).graphs) {
      assert.equal(graphFault(graph), undefined);
      assert.equal(graph.nodeLabels.length + graph.attributes.length, 0);
    }
  });

  it('refuses to make graphs from nothing', () => {
    assert.throws(() => recombineGraphs([], { count: 1 }, new Rng(0)), RangeError);
    assert.throws(() => recombineGraphs([graphOf(0)], { count: 1 }, new Rng(0)), RangeError);
  });

  it('keeps the labels of edges, and gives those that join pieces label 0', () => {
    const labelled = clean.map((graph, i) => ({
      ...graph,
      edgeLabels: new Int32Array(graph.edges.length / 2).fill(i + 1),
    }));
    let bridges = 0;
    for (const graph of recombineGraphs(labelled, { count: 200, copies: 0 }, new Rng(4)).graphs) {
      const { nodeLabels, edgeLabels = new Int32Array(0) } = graph;
      const pairs = edgePairs(graph);
      assert.equal(edgeLabels.length, pairs.length);
      // Noise changes labels of nodes and leaves edges of one graph; pieces keep both.
      if (new Set(edgeLabels).size === 1) continue;
      pairs.forEach(([u, v], i) => {
        if (edgeLabels[i] === 0) bridges++;
        else assert.deepEqual([nodeLabels[u], nodeLabels[v]], [edgeLabels[i] - 1, edgeLabels[i] - 1]);
      });
    }
    assert.ok(bridges > 50, `${bridges}`);
  });
});
