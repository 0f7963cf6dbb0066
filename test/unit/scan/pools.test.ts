import assert from 'node:assert/strict';
import { argmaxRows, predictLogits } from '../../../server/src/gnn/predict';
import { Rng } from '../../../server/src/graph/rng';
import { hostsAmong, makePools } from '../../../server/src/scan/pools';
import { selectBackend } from '../../../server/src/tensor/backend';
import { cleanGraphs, countingModel, layout } from './handMade';

describe('pools', () => {
  before(() => selectBackend('cpu'));

  it('splits the clean graphs into disjoint halves with both classes in each', () => {
    const model = countingModel(0);
    const clean = cleanGraphs(12);
    const { fit, heldOut } = makePools(model, clean, layout, new Rng(5));
    const real = [fit, heldOut].map((pool) => pool.graphs.slice(0, pool.real));
    assert.deepEqual(
      real.map((graphs) => graphs.length),
      [6, 6],
    );
    assert.deepEqual(new Set(real.flat()), new Set(clean));
    for (const graphs of real) assert.deepEqual(graphs.filter((graph) => graph.classLabel === 0).length, 3);
    model.dispose();
  });

  it('shares fewer than ten graphs between the pools', () => {
    const model = countingModel(0);
    const clean = cleanGraphs(9);
    const { fit, heldOut } = makePools(model, clean, layout, new Rng(5));
    for (const pool of [fit, heldOut]) assert.deepEqual(new Set(pool.graphs.slice(0, pool.real)), new Set(clean));
    model.dispose();
  });

  it('labels pseudo-graphs by the model and keeps the labels of real graphs', () => {
    const model = countingModel(0);
    const clean = cleanGraphs(10).map((graph) => ({ ...graph, classLabel: 1 - graph.classLabel }));
    const { fit } = makePools(model, clean, layout, new Rng(5));
    assert.equal(fit.graphs.length, 90);
    const predicted = argmaxRows(predictLogits(model, fit.graphs, layout), 2);
    fit.graphs.forEach((graph, i) => {
      if (i >= fit.real) assert.equal(graph.classLabel, predicted[i]);
      else assert.ok(clean.includes(graph));
    });
    model.dispose();
  });

  it('prefers graphs that are larger than any trigger', () => {
    const graphs = cleanGraphs(6).map((graph, i) => ({ ...graph, nodeCount: i < 4 ? 8 : 5 }));
    assert.deepEqual(hostsAmong(graphs), graphs.slice(0, 4));
    assert.deepEqual(hostsAmong(graphs.slice(1)), graphs.slice(1));
  });
});
