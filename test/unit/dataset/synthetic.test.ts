import assert from 'node:assert/strict';
import { makeMolecules } from '../../../server/src/dataset/synthetic';
import { graphFault } from '../../support/graphs';

describe('makeMolecules', () => {
  const { rawGraphs, distinctNodeLabels } = makeMolecules('M', { seed: 0, graphs: 400 });

  it('makes sound graphs of 10 to 30 nodes in two classes of about the same size', () => {
    assert.equal(rawGraphs.length, 400);
    for (const graph of rawGraphs) {
      assert.equal(graphFault(graph), undefined);
      assert.ok(graph.nodeCount >= 10 && graph.nodeCount <= 30, `${graph.nodeCount} nodes`);
    }
    const ones = rawGraphs.filter((graph) => graph.classLabel === 1).length;
    assert.ok(ones > 160 && ones < 240, `${ones} of class 1`);
  });

  it('uses six labels, one of them most of the time', () => {
    assert.deepEqual(distinctNodeLabels, [0, 1, 2, 3, 4, 5]);
    const counts = new Array<number>(6).fill(0);
    for (const graph of rawGraphs) for (const label of graph.nodeLabels) counts[label]++;
    const total = counts.reduce((sum, count) => sum + count, 0);
    assert.ok(counts[0] / total > 0.5 && counts[0] / total < 0.8);
    assert.ok(counts[5] / total < 0.02);
  });

  it('puts the same groups and sizes into both classes, and atoms that lean to one', () => {
    const means = [0, 1].map((kind) => {
      const graphs = rawGraphs.filter((graph) => graph.classLabel === kind);
      const mean = (of: (graph: (typeof graphs)[number]) => number): number =>
        graphs.reduce((sum, graph) => sum + of(graph), 0) / graphs.length;
      const atoms = (label: number): number =>
        mean((graph) => graph.nodeLabels.filter((other) => other === label).length);
      return { size: mean((graph) => graph.nodeCount), oxygens: atoms(1), nitrogens: atoms(2), leaning: atoms(3) };
    });
    assert.ok(Math.abs(means[0].size - means[1].size) < 1);
    assert.ok(Math.abs(means[0].oxygens - means[1].oxygens) < 0.35);
    assert.ok(Math.abs(means[0].nitrogens - means[1].nitrogens) < 0.35);
    assert.ok(means[0].leaning > 2 && means[1].leaning < 0.6);
  });

  it('repeats itself for the same seed only', () => {
    assert.deepEqual(makeMolecules('M', { seed: 5, graphs: 20 }), makeMolecules('M', { seed: 5, graphs: 20 }));
    assert.notDeepEqual(makeMolecules('M', { seed: 5, graphs: 20 }), makeMolecules('M', { seed: 6, graphs: 20 }));
  });
});
