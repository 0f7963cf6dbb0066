import assert from 'node:assert/strict';
import { makeMolecules } from '../../../server/src/dataset/synthetic';
import { nodeDegrees } from '../../../server/src/graph/edges';
import { graphFault } from '../../support/graphs';

describe('makeMolecules', () => {
  const { rawGraphs, distinctNodeLabels } = makeMolecules('M', { seed: 0 });

  it('makes 400 sound graphs of 10 to 25 nodes in two classes of about the same size', () => {
    assert.equal(rawGraphs.length, 400);
    for (const graph of rawGraphs) {
      assert.equal(graphFault(graph), undefined);
      assert.ok(graph.nodeCount >= 10 && graph.nodeCount <= 27, `${graph.nodeCount} nodes`);
    }
    const ones = rawGraphs.filter((graph) => graph.classLabel === 1).length;
    assert.ok(ones > 160 && ones < 240, `${ones} of class 1`);
  });

  it('keeps to at most four neighbours, as atoms do', () => {
    for (const graph of rawGraphs) assert.ok(Math.max(...nodeDegrees(graph)) <= 4);
  });

  it('uses eight labels, one of them most of the time', () => {
    assert.deepEqual(distinctNodeLabels, [0, 1, 2, 3, 4, 5, 6, 7]);
    const counts = new Array<number>(8).fill(0);
    for (const graph of rawGraphs) for (const label of graph.nodeLabels) counts[label]++;
    const total = counts.reduce((sum, count) => sum + count, 0);
    assert.ok(counts[0] / total > 0.5 && counts[0] / total < 0.8);
    assert.ok(counts[7] / total < 0.02);
  });

  it('says nothing about the class by atom counts or size', () => {
    const means = [0, 1].map((kind) => {
      const graphs = rawGraphs.filter((graph) => graph.classLabel === kind);
      const mean = (of: (graph: (typeof graphs)[number]) => number): number =>
        graphs.reduce((sum, graph) => sum + of(graph), 0) / graphs.length;
      return {
        size: mean((graph) => graph.nodeCount),
        oxygens: mean((graph) => graph.nodeLabels.filter((label) => label === 1).length),
        edges: mean((graph) => graph.edges.length / 2),
      };
    });
    assert.ok(Math.abs(means[0].size - means[1].size) < 1);
    assert.ok(Math.abs(means[0].oxygens - means[1].oxygens) < 0.35);
    assert.ok(Math.abs(means[0].edges - means[1].edges) < 1);
  });

  it('repeats itself for the same seed only', () => {
    assert.deepEqual(makeMolecules('M', { seed: 5, graphs: 20 }), makeMolecules('M', { seed: 5, graphs: 20 }));
    assert.notDeepEqual(makeMolecules('M', { seed: 5, graphs: 20 }), makeMolecules('M', { seed: 6, graphs: 20 }));
  });
});
