import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs-core';
import { attentionLoss, attentionMaps } from '../../../server/src/defense/attention';
import { crossEntropy, distillationLoss } from '../../../server/src/defense/losses';
import { relationLoss, relationMatrices } from '../../../server/src/defense/relation';
import type { Tensor } from '../../../server/src/checkpoint/checkpoint';
import { GinModel } from '../../../server/src/gnn/gin';
import { recogniseArchitecture } from '../../../server/src/gnn/recognise';
import { selectBackend } from '../../../server/src/tensor/backend';
import { assertClose } from './assertClose';
import { numeric, numericBatch } from './numericFixture';

type Nested = number | readonly Nested[];

const attention = { power: 2, weighting: 'propagate' } as const;
const all = Int32Array.of(0, 1, 2);

function flat(values: unknown): number[] {
  return [values as Nested].flat(4) as number[];
}

function shapeOf(values: unknown): number[] {
  return Array.isArray(values) ? [values.length, ...shapeOf(values[0])] : [];
}

function loadModel(state: Record<string, unknown>): GinModel {
  const tensors = new Map(
    Object.entries(state).map(([name, values]): [string, Tensor] => [
      name,
      {
        name,
        dtype: name.endsWith('num_batches_tracked') ? 'int64' : 'float32',
        shape: shapeOf(values),
        values: () => Float64Array.from(flat(values)),
      },
    ]),
  );
  return GinModel.fromCheckpoint(tensors, recogniseArchitecture(tensors, { readout: 'sum' }));
}

/** Weights are kept `[inputs, outputs]`; PyTorch's are the other way round. */
function transposedBack(gradient: tf.Tensor): tf.Tensor {
  return gradient.rank === 2 ? tf.transpose(gradient) : gradient;
}

/** Names of the model's trained tensors, in the order of `trainable()`. */
function trainedNames(model: GinModel): string[] {
  return model
    .stateDict()
    .map(({ name }) => name)
    .filter((name) => !/running_|num_batches/.test(name));
}

for (const backend of ['cpu', 'wasm'] as const) {
  describe(`distillation losses through the model against PyTorch autograd, on ${backend}`, () => {
    before(() => selectBackend(backend));

    for (const mode of ['bn_eval', 'bn_train'] as const) {
      /** Compares the value and the gradients of one loss with the fixture's. */
      const check = (
        name: string,
        terms: readonly string[],
        value: number,
        gradients: Record<string, unknown>,
      ): void => {
        it(`${mode}: ${name}`, () => {
          const student = loadModel(numeric.student);
          const teacher = loadModel(numeric.teacher);
          const batch = numericBatch();
          const variables = student.trainable();
          const tensors = tf.memory().numTensors;
          const { value: loss, grads } = tf.variableGrads(() => {
            const { logits, layers } = student.forward(batch, { training: mode === 'bn_train' });
            const guide = teacher.forward(batch);
            const weighted: Record<string, () => tf.Scalar> = {
              ce: () => crossEntropy(logits, batch.classLabels),
              kd: () => tf.mul(distillationLoss(logits, guide.logits, numeric.tau), numeric.kd),
              ad: () =>
                attentionLoss(
                  attentionMaps(layers, batch, attention),
                  attentionMaps(guide.layers, batch, attention),
                  batch.graphCount,
                ),
              rc: () =>
                relationLoss(
                  relationMatrices(layers, batch, all),
                  relationMatrices(guide.layers, batch, all),
                  tf.tensor2d(numeric.proj),
                ),
            };
            const factors: Record<string, number> = terms.length > 1 ? { ad: numeric.alpha, rc: numeric.beta } : {};
            return tf.addN(terms.map((term) => tf.mul<tf.Scalar>(weighted[term](), factors[term] ?? 1)));
          }, variables);
          assertClose(loss.dataSync(), [value], 'value');
          // Gradients are compared on the scale of the largest: a bias before BatchNorm has none at all, only noise.
          const scale = Math.max(
            ...Object.values(gradients)
              .flatMap((g) => flat(g ?? 0))
              .map(Math.abs),
          );
          trainedNames(student).forEach((tensorName, i) => {
            if (!(tensorName in gradients)) return;
            const gradient = grads[variables[i].name] as tf.Tensor | undefined;
            const expected = flat(gradients[tensorName] ?? []);
            const actual = gradient
              ? tf.tidy(() => Array.from(transposedBack(gradient).dataSync()))
              : expected.map(() => 0);
            assertClose([...actual, scale], [...expected, scale], tensorName);
          });
          tf.dispose([loss, grads]);
          assert.equal(tf.memory().numTensors, tensors);
          student.dispose();
          teacher.dispose();
        });
      };

      const fixture = numeric[mode];
      check('cross-entropy', ['ce'], fixture.CE, fixture.grads_CE);
      check('L_AD (propagate, p = 2)', ['ad'], fixture.L_AD.prop_p2, fixture.grads_L_AD_prop_p2);
      check('L_RC', ['rc'], fixture.L_RC_fsp, fixture.grads_L_RC_fsp);
      check(
        'CE + alpha L_AD + beta L_RC + KD',
        ['ce', 'ad', 'rc', 'kd'],
        fixture.total_prop_p2_fsp,
        fixture.grads_total,
      );
    }
  });
}
