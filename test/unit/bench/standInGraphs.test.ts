import assert from 'node:assert/strict';
import { rewired, standInGraph, standIns } from '../../../bench/scan/standInGraphs';
import { nodeDegrees } from '../../../server/src/graph/edges';
import { Rng } from '../../../server/src/graph/rng';
import { layout, molecules } from '../scan/synthetic/trained';

describe('graphs that stand in for clean ones', () => {
  const sorted = (values: Int32Array): number[] => [...values].sort((a, b) => a - b);

  it('keep every degree and label where they are rewired, but not the edges', () => {
    let changed = 0;
    for (const [i, graph] of molecules.slice(0, 10).entries()) {
      const other = rewired(graph, new Rng(i));
      assert.deepEqual(nodeDegrees(other), nodeDegrees(graph));
      assert.equal(other.nodeLabels, graph.nodeLabels);
      if (String(other.edges) !== String(graph.edges)) changed++;
    }
    assert.equal(changed, 10);
  });

  it('keep nodes and labels where they are shuffled, and edges where they are relabelled', () => {
    const [graph] = molecules;
    const shuffled = standInGraph('shuffled', graph, layout, new Rng(1));
    assert.deepEqual(sorted(shuffled.nodeLabels), sorted(graph.nodeLabels));
    assert.equal(standInGraph('relabelled', graph, layout, new Rng(1)).edges, graph.edges);
  });

  it('are graphs that a model takes', () => {
    for (const kind of standIns) {
      const { nodeCount, nodeLabels, edges } = standInGraph(kind, molecules[1], layout, new Rng(2));
      assert.equal(nodeLabels.length, nodeCount);
      assert.ok(nodeLabels.every((label) => label < layout.labelColumns));
      assert.ok(edges.every((node) => node < nodeCount));
    }
  });
});
