import assert from 'node:assert/strict';
import { GraphModel } from '../../../../server/src/gnn/graphModel';
import type { FeatureLayout } from '../../../../server/src/graph/graph';
import { Rng } from '../../../../server/src/graph/rng';
import { makePools } from '../../../../server/src/scan/pools';
import { invertTriggers, type InversionResult } from '../../../../server/src/scan/signals/inversion';
import { selectBackend } from '../../../../server/src/tensor/backend';
import { planned } from '../../../support/usualPlans';
import { cleanGraphs, countingModel, layout } from '../handMade';

const size = { layers: 2, hidden: 4, inputs: 3, classes: 2, batchNorm: false } as const;
const settings = { nodes: 4, starts: 2, steps: 12 };

async function invert(
  model: GraphModel,
  options: { readonly graphs?: ReturnType<typeof cleanGraphs>; readonly features?: FeatureLayout } = {},
): Promise<InversionResult | undefined> {
  const { graphs = cleanGraphs(24), features = layout } = options;
  const pools = makePools(model, graphs, features, new Rng(1, 'pools'));
  try {
    return await invertTriggers({ model, pools, layout: features, seed: 4, settings });
  } finally {
    model.dispose();
  }
}

describe('invertTriggers', () => {
  before(() => selectBackend('graphnad'));

  it('seeks a trigger of every family toward every class', async () => {
    const result = await invert(countingModel(5));
    assert.deepEqual(Object.keys(result ?? {}), ['structure', 'features', 'both']);
    for (const byClass of Object.values(result ?? {})) {
      assert.deepEqual(
        byClass.map((found) => found?.target),
        [0, 1],
      );
    }
    const found = result?.both?.[1];
    assert.ok(found !== undefined);
    assert.equal(found.edges, found.trigger.edges?.length);
    assert.equal(found.labels, settings.nodes);
    assert.ok(found.flip.low <= found.flip.value && found.flip.value <= found.flip.high);
    assert.equal(found.flip.count, found.flipCount);
  });

  it('reaches the class that a planted label leads to, by its label alone', async () => {
    const planted = await invert(countingModel(5));
    assert.ok(planted?.features?.[1] !== undefined && planted.structure?.[1] !== undefined);
    assert.ok(planted.features[1].flip.value > 0.9);
    // Two layers of counting labels: edges among graphs of class 0 make more of class 0.
    assert.ok(planted.structure[1].flip.value < 0.5);
    assert.ok(planted.features[1].loss < planted.structure[1].loss);
  });

  it('is the same for the same seed', async () => {
    assert.deepEqual(await invert(countingModel(1)), await invert(countingModel(1)));
  });

  it('changes structure only where features hold no labels', async () => {
    const features: FeatureLayout = { kind: 'constant', width: 1, attributeWidth: 0, labelColumns: 0 };
    const graphs = cleanGraphs(24).map((graph) => ({ ...graph, nodeLabels: new Int32Array(0) }));
    const model = GraphModel.random({ ...size, kind: 'gin', inputs: 1, readout: 'sum' }, new Rng(1));
    const result = await invert(model, { graphs, features });
    assert.deepEqual(Object.keys(result ?? {}), ['structure']);
  });

  it('says nothing of a class with too few graphs outside it', async () => {
    const graphs = cleanGraphs(24).filter(({ classLabel }) => classLabel === 0);
    const model = countingModel(0);
    const result = await invert(model, { graphs });
    assert.equal(result?.both?.[0], undefined);
    assert.notEqual(result?.both?.[1], undefined);
  });

  it('says nothing of models that have no run on soft graphs', async () => {
    assert.equal(await invert(GraphModel.random({ kind: 'gin', ...size, readout: 'max' }, new Rng(1))), undefined);
    assert.equal(await invert(GraphModel.random({ kind: 'gcn', ...size, readout: 'sum' }, new Rng(1))), undefined);
    const usual = GraphModel.random({ kind: 'gin', ...size, readout: 'sum' }, new Rng(1));
    assert.equal(await invert(planned(usual)), undefined);
    usual.dispose();
  });
});
