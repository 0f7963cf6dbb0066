import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs-core';
import { crossEntropy } from '../../../server/src/defense/losses';
import { Neurons, type NeuronFactors } from '../../../server/src/defense/neurons';
import { GraphModel } from '../../../server/src/gnn/graphModel';
import { collate } from '../../../server/src/graph/batch';
import { Rng } from '../../../server/src/graph/rng';
import { selectBackend } from '../../../server/src/tensor/backend';
import { graphOf } from '../../support/graphs';
import { assertClose } from './assertClose';

const layout = { kind: 'labels', width: 2, attributeWidth: 0, labelColumns: 2 } as const;
const batch = collate(
  [
    graphOf(3, { edges: [[0, 1], [1, 2]], labels: [0, 1, 0], classLabel: 1 }), // prettier-ignore
    graphOf(4, { edges: [[0, 1], [1, 2], [2, 3]], labels: [1, 1, 0, 1] }), // prettier-ignore
  ],
  layout,
);

for (const batchNorm of [true, false]) {
  describe(`Neurons of a model ${batchNorm ? 'with' : 'without'} BatchNorm`, () => {
    let model: GraphModel;
    beforeEach(async () => {
      await selectBackend('graphnad');
      model = GraphModel.random(
        { kind: 'gin', layers: 2, hidden: 3, inputs: 2, classes: 2, readout: 'sum', batchNorm, eps: [0, 0] },
        new Rng(4),
      );
    });
    afterEach(() => model.dispose());

    const loss = (): tf.Scalar => crossEntropy(model.forward(batch).logits, batch.classLabels);
    const weights = (): number[] => [...model.exportTensors().values()].flatMap((values) => [...values]);
    const factors = (scale: number, shift: number): NeuronFactors => ({
      scale: new Float32Array(12).fill(scale),
      shift: new Float32Array(12).fill(shift),
    });

    it('are the channels of the linear layers below the output layer; factors of 1 change nothing', () => {
      const before = weights();
      const tensors = tf.memory().numTensors;
      const neurons = new Neurons(model);
      assert.equal(neurons.count, 2 * 2 * 3);
      neurons.apply(factors(0.5, 2));
      assert.notDeepEqual(weights(), before);
      neurons.apply(factors(1, 1));
      assert.deepEqual(weights(), before);
      neurons.slopes(loss);
      assert.equal(tf.memory().numTensors, tensors);
    });

    it('are silent at factors of 0: the logits are the output bias', () => {
      const neurons = new Neurons(model);
      neurons.apply(factors(0, 0));
      const bias = [...model.parameters.output.bias.dataSync()];
      assertClose(
        tf.tidy(() => [...model.forward(batch).logits.dataSync()]),
        [...bias, ...bias],
        'logits',
      );
    });

    it('have the slopes of finite differences', () => {
      const neurons = new Neurons(model);
      const at: NeuronFactors = {
        scale: Float32Array.from({ length: 12 }, (_, k) => 0.8 + 0.02 * k),
        shift: Float32Array.from({ length: 12 }, (_, k) => 1.1 - 0.03 * k),
      };
      neurons.apply(at);
      const { value, slopes } = neurons.slopes(loss);
      assert.ok(value > 0);
      const step = 1e-2;
      for (const part of ['scale', 'shift'] as const) {
        for (let k = 0; k < neurons.count; k++) {
          const lossAt = (change: number): number => {
            neurons.apply({ ...at, [part]: at[part].map((factor, i) => (i === k ? factor + change : factor)) });
            return tf.tidy(() => loss().dataSync()[0]);
          };
          const difference = (lossAt(step) - lossAt(-step)) / (2 * step);
          assert.ok(Math.abs(slopes[part][k] - difference) < 2e-3, `${part} ${k}: ${slopes[part][k]}, ${difference}`);
        }
      }
    });
  });
}
