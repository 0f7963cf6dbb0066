import assert from 'node:assert/strict';
import fc from 'fast-check';
import { drawHosts, hostContext, triggeredHosts } from '../../../server/src/attack/triggerHosts';
import { hasEdge } from '../../../server/src/graph/edges';
import { Rng } from '../../../server/src/graph/rng';
import { arbitraryGraph, edgePairs, graphFault, graphOf } from '../../support/graphs';

const layout = { kind: 'labels', width: 2, attributeWidth: 0, labelColumns: 2 } as const;

describe('drawHosts', () => {
  it('takes distinct nodes and the edges among them away, nothing else', () => {
    fc.assert(
      fc.property(arbitraryGraph, fc.nat(1000), (graph, seed) => {
        const [{ base, nodes }] = drawHosts([graph], 4, new Rng(seed));
        assert.equal(new Set(nodes).size, Math.min(4, graph.nodeCount));
        const among = (u: number, v: number): boolean => nodes.includes(u) && nodes.includes(v);
        assert.deepEqual(
          edgePairs(base),
          edgePairs(graph).filter(([u, v]) => !among(u, v)),
        );
        assert.deepEqual(base.nodeLabels, graph.nodeLabels);
      }),
      { seed: 1, numRuns: 60 },
    );
  });
});

describe('hostContext', () => {
  it('holds features of a node, its neighbours, theirs, and the graph', () => {
    // A star with its centre, node 0, of label 1.
    const star = graphOf(3, { edges: [[0, 1], [0, 2]], labels: [1, 0, 0] }); // prettier-ignore
    const hosts = [{ graph: star, base: star, nodes: Int32Array.of(0, 2) }];
    const third = 1 / 3;
    const expected = [
      ...[0, 1, 1, 0, 0, 1, 2 * third, third],
      ...[1, 0, 0, 1, 1, 0, 2 * third, third],
      ...new Array<number>(8).fill(0),
    ];
    const context = hostContext(hosts, 3, layout);
    assert.equal(context.length, expected.length);
    context.forEach((value, i) => assert.ok(Math.abs(value - expected[i]) < 1e-6, `${i}: ${value}`));
  });
});

describe('triggeredHosts', () => {
  it('puts edges and labels in, as far as there are nodes', () => {
    const graphs = [graphOf(5, { edges: [[0, 1], [3, 4]], labels: [0, 0, 0, 0, 0] }), graphOf(2, { labels: [0, 0] })]; // prettier-ignore
    const hosts = drawHosts(graphs, 3, new Rng(1));
    const adjacency = Float32Array.from({ length: 18 }, (_, i) => ([1, 3, 10, 12].includes(i) ? 1 : 0));
    const labels = Float32Array.from({ length: 12 }, (_, i) => i % 2);
    const triggered = triggeredHosts(hosts, 3, adjacency, labels);
    triggered.forEach((graph, g) => {
      const { nodes, base } = hosts[g];
      assert.equal(graphFault(graph), undefined);
      assert.ok(hasEdge(graph, nodes[0], nodes[1]));
      assert.equal(graph.edges.length, base.edges.length + 2);
      graph.nodeLabels.forEach((label, node) => assert.equal(label, nodes.includes(node) ? 1 : 0));
    });
    assert.deepEqual(triggeredHosts(hosts, 3, new Float32Array(18), undefined)[0], hosts[0].base);
  });
});
