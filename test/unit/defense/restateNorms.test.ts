import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs-core';
import { modelKinds, type ModelKind } from '../../../protocol/model';
import { restateNorms } from '../../../server/src/defense/restateNorms';
import { GraphModel } from '../../../server/src/gnn/graphModel';
import { predictLogits } from '../../../server/src/gnn/predict';
import type { Graph } from '../../../server/src/graph/graph';
import { Rng } from '../../../server/src/graph/rng';
import { selectBackend } from '../../../server/src/tensor/backend';
import { graphOf } from '../../support/graphs';

const layout = { kind: 'labels', width: 3, attributeWidth: 0, labelColumns: 3 } as const;

function trees(count: number, seed: number): Graph[] {
  const rng = new Rng(seed);
  return Array.from({ length: count }, (_, i) => {
    const nodes = 4 + rng.integer(9);
    return graphOf(nodes, {
      edges: Array.from({ length: nodes - 1 }, (_, v) => [rng.integer(v + 1), v + 1] as const),
      labels: Array.from({ length: nodes }, () => rng.integer(3)),
      classLabel: i % 2,
    });
  });
}

/** A model whose statistics, scales and shifts are anything. */
function modelOf(kind: ModelKind, batchNorm = true): GraphModel {
  const heads = kind === 'gat' || kind === 'gatv2' ? { heads: 2 } : {};
  const eps = kind === 'gin' ? { eps: [0, 0, 0] } : {};
  const model = GraphModel.random(
    { kind, layers: 3, hidden: 8, inputs: 3, classes: 2, readout: 'mean', batchNorm, ...heads, ...eps },
    new Rng(7),
  );
  const rng = new Rng(8);
  for (const { gamma, beta, running } of model.norms()) {
    tf.tidy(() => gamma.assign(tf.tensor1d(Float32Array.from({ length: 8 }, () => rng.between(-1, 2)))));
    tf.tidy(() => beta.assign(tf.tensor1d(Float32Array.from({ length: 8 }, () => rng.normal()))));
    running.mean.set(Float32Array.from({ length: 8 }, () => rng.normal()));
    running.variance.set(Float32Array.from({ length: 8 }, () => rng.between(0.2, 3)));
  }
  return model;
}

describe('restateNorms', () => {
  before(() => selectBackend('graphnad'));

  for (const kind of modelKinds) {
    it(`leaves the answers of ${kind} as they are, on any graphs`, () => {
      const model = modelOf(kind);
      const clean = trees(12, 1);
      const others = trees(20, 2);
      const before = predictLogits(model, others, layout);
      const statistics = Float32Array.from(model.norms()[2].running.mean);
      const tensors = tf.memory().numTensors;
      restateNorms(model, clean, layout);
      assert.equal(tf.memory().numTensors, tensors);
      assert.notDeepEqual(model.norms()[2].running.mean, statistics);
      const after = predictLogits(model, others, layout);
      const largest = Math.max(...before.map(Math.abs));
      after.forEach((value, i) => assert.ok(Math.abs(value - before[i]) < 1e-4 * largest, `${value} ${before[i]}`));
      model.dispose();
    });
  }

  it('takes the statistics of the graphs: a second time changes nothing', () => {
    const model = modelOf('gin');
    const clean = trees(12, 1);
    restateNorms(model, clean, layout);
    const frozen = predictLogits(model, clean, layout);
    const means = model.norms().map(({ running }) => Float32Array.from(running.mean));
    restateNorms(model, clean, layout);
    model.norms().forEach(({ running }, i) => {
      running.mean.forEach((value, j) => assert.ok(Math.abs(value - means[i][j]) < 1e-4 * (1 + Math.abs(means[i][j]))));
    });
    const again = predictLogits(model, clean, layout);
    again.forEach((value, i) => assert.ok(Math.abs(value - frozen[i]) < 1e-4 * (1 + Math.abs(frozen[i]))));
    model.dispose();
  });

  it('does nothing to a model without BatchNorm', () => {
    const model = modelOf('gin', false);
    const before = predictLogits(model, trees(3, 1), layout);
    restateNorms(model, trees(3, 1), layout);
    assert.deepEqual(predictLogits(model, trees(3, 1), layout), before);
    model.dispose();
  });
});
