import assert from 'node:assert/strict';
import type { GraphModel } from '../../../../server/src/gnn/graphModel';
import { ginLayers } from '../../../../server/src/gnn/kinds/ginLayers';
import { nodeDegrees } from '../../../../server/src/graph/edges';
import { recordedLabels } from '../../../../server/src/scan/synthetic/recordedLabels';
import { selectBackend } from '../../../../server/src/tensor/backend';
import { planned } from '../../../support/usualPlans';
import { architecture, molecules, trainedModel } from './trained';

/** Makes the first BatchNorm record what it would if these were the mean counts of labels in neighbourhoods. */
function record(model: GraphModel, counts: readonly number[]): void {
  const { first } = ginLayers(model)[0];
  const { mean } = first.norm!.running;
  const weight = first.weight.dataSync<'float32'>();
  const bias = first.bias.dataSync<'float32'>();
  mean.forEach((_, j) => {
    mean[j] = counts.reduce((sum, count, i) => sum + count * weight[i * mean.length + j], bias[j]);
  });
}

/** Why nothing can be read out of a model. */
function reasonOf(model: GraphModel): string {
  const reason = recordedLabels(model);
  assert.ok(typeof reason === 'string');
  return reason;
}

describe('labels that a checkpoint recorded', () => {
  before(() => selectBackend('graphnad'));
  let model: GraphModel;
  beforeEach(async () => {
    model = await trainedModel();
  });
  afterEach(() => model.dispose());

  it('are those of the training graphs, and so is the mean degree', () => {
    const counts = new Float64Array(architecture.inputs);
    let nodes = 0;
    let degrees = 0;
    for (const graph of molecules) {
      nodes += graph.nodeCount;
      nodeDegrees(graph).forEach((degree, node) => {
        counts[graph.nodeLabels[node]] += 1 + degree;
        degrees += degree;
      });
    }
    const recorded = recordedLabels(model);
    assert.ok(typeof recorded !== 'string');
    assert.ok(Math.abs(recorded.meanDegree - degrees / nodes) < 0.1);
    recorded.neighbourhood.forEach((count, label) => assert.ok(Math.abs(count - counts[label] / nodes) < 0.1));
  });

  it('come out exactly where the statistics are exact', () => {
    record(model, [2, 0.5, 0.25, 0.25, 0, 0.1]);
    const recorded = recordedLabels(model);
    assert.ok(typeof recorded !== 'string');
    [2, 0.5, 0.25, 0.25, 0, 0.1].forEach((count, label) =>
      assert.ok(Math.abs(recorded.neighbourhood[label] - count) < 1e-3),
    );
    assert.ok(Math.abs(recorded.meanDegree - 2.1) < 1e-3);
  });

  it('are not read out of features that are no labels', () => {
    const reason = (counts: readonly number[]): string => {
      record(model, counts);
      return reasonOf(model);
    };
    assert.match(reason([2, 1, -1, 1, 0, 0]), /not those of one-hot node labels/);
    assert.match(reason([40, 3, 0, 0, 0, 0]), /mean degree of 42\.0/);
    assert.match(reason([0.1, 0.1, 0, 0, 0, 0]), /not those of one-hot node labels/);
    assert.match(reason([1, 0.9, 0, 0, 0, 0]), /mean degree of 0\.9/);
    // Shares 0.2, 0.5 and 0.3 of nodes of degree 1, 2 and 3.
    assert.match(reason([0, 0.4, 1.5, 1.2, 0, 0]), /node features are degrees/);
  });

  it('are not read out of models that do not record them', async () => {
    const without = await trainedModel({ batchNorm: false });
    assert.match(reasonOf(without), /no batch normalisation/);
    without.dispose();
    const gcn = await trainedModel({ kind: 'gcn' });
    assert.match(reasonOf(gcn), /for a GIN only, and this is a GCN/);
    gcn.dispose();
    const usual = await trainedModel();
    const other = planned(usual);
    assert.match(reasonOf(other), /for a GIN of the usual shape only/);
    usual.dispose();
    other.dispose();
  });
});
