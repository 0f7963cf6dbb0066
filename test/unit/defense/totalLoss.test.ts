import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs-core';
import { attentionLoss, attentionMaps } from '../../../server/src/defense/attention';
import { crossEntropy } from '../../../server/src/defense/losses';
import { relationLoss, relationMatrices } from '../../../server/src/defense/relation';
import { GraphModel } from '../../../server/src/gnn/graphModel';
import { recogniseArchitecture } from '../../../server/src/gnn/recognise';
import { selectBackend } from '../../../server/src/tensor/backend';
import { testedBackends } from '../../support/backends';
import { flatten, numeric, numericBatch, numericTensors, type NumericCase } from '../../support/numericFixture';
import { assertClose } from './assertClose';
import { distillationLoss } from './distillationLoss';

type Gradients = NumericCase['grads_total'];

const attention = { power: 2, weighting: 'propagate' } as const;
const all = Int32Array.of(0, 1, 2);

function loadModel(which: 'student' | 'teacher'): GraphModel {
  const tensors = numericTensors(which);
  return GraphModel.fromCheckpoint(tensors, recogniseArchitecture(tensors, { readout: 'sum' }));
}

/** Names of the model's trained tensors, in the order of `trainable()`. */
function trainedNames(model: GraphModel): string[] {
  const names = model.stateDict().map(({ name }) => name);
  return names.filter((name) => !/running_|num_batches/.test(name));
}

/** Values in PyTorch's order: it keeps weights `[outputs, inputs]`. */
function asPyTorch(gradient: tf.Tensor): number[] {
  return tf.tidy(() => Array.from((gradient.rank === 2 ? tf.transpose(gradient) : gradient).dataSync()));
}

for (const backend of testedBackends) {
  describe(`distillation losses through the model against PyTorch autograd, on ${backend}`, () => {
    before(() => selectBackend(backend));

    for (const mode of ['bn_eval', 'bn_train'] as const) {
      /** Compares the value and the gradients of a sum of losses with the fixture's. */
      const check = (
        name: string,
        factors: Partial<Record<'ce' | 'kd' | 'ad' | 'rc', number>>,
        value: number,
        gradients: Gradients,
      ): void => {
        it(`${mode}: ${name}`, () => {
          const student = loadModel('student');
          const teacher = loadModel('teacher');
          const batch = numericBatch();
          const variables = student.trainable();
          const tensors = tf.memory().numTensors;
          const { value: loss, grads } = tf.variableGrads(() => {
            const { logits, layers } = student.forward(batch, { training: mode === 'bn_train' });
            const guide = teacher.forward(batch);
            const maps = [layers, guide.layers].map((outputs) => attentionMaps(outputs, batch, attention));
            const matrices = [layers, guide.layers].map((outputs) => relationMatrices(outputs, batch, all));
            const terms = {
              ce: crossEntropy(logits, batch.classLabels),
              kd: distillationLoss(logits, guide.logits, numeric.tau),
              ad: attentionLoss(maps[0], maps[1], batch.graphCount),
              rc: relationLoss(matrices[0], matrices[1], () => tf.tensor2d(numeric.proj)),
            };
            const chosen = Object.entries(factors) as [keyof typeof terms, number][];
            return tf.addN(chosen.map(([term, factor]) => tf.mul<tf.Scalar>(terms[term], factor)));
          }, variables);
          assertClose(loss.dataSync(), [value], 'value');
          // On the scale of the largest of all: the bias before a BatchNorm in training mode has rounding noise only.
          const scale = Math.max(
            ...Object.values(gradients)
              .flatMap((g) => flatten(g ?? []))
              .map(Math.abs),
          );
          trainedNames(student).forEach((tensorName, i) => {
            if (!(tensorName in gradients)) return;
            const expected = flatten(gradients[tensorName] ?? []);
            // Some losses do not reach the output layer.
            const gradient = grads[variables[i].name] as tf.Tensor | undefined;
            const actual = gradient ? asPyTorch(gradient) : expected.map(() => 0);
            assertClose([...actual, scale], [...expected, scale], tensorName);
          });
          tf.dispose([loss, grads]);
          assert.equal(tf.memory().numTensors, tensors);
          student.dispose();
          teacher.dispose();
        });
      };

      const fixture = numeric[mode];
      const { alpha, beta, kd } = numeric;
      check('cross-entropy', { ce: 1 }, fixture.CE, fixture.grads_CE);
      check('L_AD (propagate, p = 2)', { ad: 1 }, fixture.L_AD.prop_p2, fixture.grads_L_AD_prop_p2);
      check('L_RC', { rc: 1 }, fixture.L_RC_fsp, fixture.grads_L_RC_fsp);
      const everything = { ce: 1, ad: alpha, rc: beta, kd };
      check('CE + alpha L_AD + beta L_RC + KD', everything, fixture.total_prop_p2_fsp, fixture.grads_total);
    }
  });
}
