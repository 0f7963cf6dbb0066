import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs-core';
import { crossEntropy, softTargetLoss } from '../../../server/src/defense/losses';
import { selectBackend } from '../../../server/src/tensor/backend';
import { assertGradient } from '../tensor/finiteDifferences';
import { assertClose } from './assertClose';
import { distillationLoss } from './distillationLoss';
import { testedBackends } from '../../support/backends';
import { numeric } from '../../support/numericFixture';

const classLabels = Int32Array.from(numeric.graphs, (graph) => graph.y);

for (const backend of testedBackends) {
  describe(`losses on ${backend}`, () => {
    before(() => selectBackend(backend));

    for (const mode of ['bn_eval', 'bn_train'] as const) {
      it(`has the cross-entropy and the distillation loss of PyTorch in float64 (${mode})`, () => {
        const fixture = numeric[mode];
        tf.tidy(() => {
          const student = tf.tensor2d(fixture.student_logits);
          const teacher = tf.tensor2d(fixture.teacher_logits);
          assertClose(crossEntropy(student, classLabels).dataSync(), [fixture.CE], 'CE');
          assertClose(distillationLoss(student, teacher, numeric.tau).dataSync(), [fixture.KD], 'KD');
        });
      });
    }

    it('weighs graphs: cross-entropy equals the divergence from one-hot targets', () => {
      tf.tidy(() => {
        const logits = tf.tensor2d(numeric.bn_eval.student_logits);
        const weights = Float32Array.of(2, 0, 0.5);
        const oneHot = tf.cast(tf.oneHot(tf.tensor1d(classLabels, 'int32'), 2), 'float32') as tf.Tensor2D;
        const expected = softTargetLoss(logits, oneHot, tf.tensor1d(weights.map((weight) => weight / 3))).dataSync();
        assertClose(crossEntropy(logits, classLabels, weights).dataSync(), expected, 'weighted');
      });
    });

    it('is zero where the student gives the targets themselves, and never negative', () => {
      tf.tidy(() => {
        const logits = tf.tensor2d([
          [1, 2, -1],
          [30, -30, 0],
        ]);
        const others = tf.tensor2d([
          [0, 0, 1],
          [0.2, 0.5, 0.3],
        ]);
        for (const row of [0, 1]) {
          const chosen = tf.tensor1d([1 - row, row]);
          const [own] = softTargetLoss(logits, tf.softmax(logits), chosen).dataSync();
          assert.ok(Math.abs(own) < 1e-4, String(own));
          const [other] = softTargetLoss(logits, others, chosen).dataSync();
          assert.ok(other > 0 && Number.isFinite(other), String(other));
        }
      });
    });

    it('has the gradients of its values', () => {
      const logits = tf.tensor2d(numeric.bn_eval.student_logits);
      const targets = tf.tensor2d([
        [0.9, 0.1],
        [0.3, 0.7],
        [0.5, 0.5],
      ]);
      const weights = tf.tensor1d([1, 3, 0.5]);
      assertGradient((x) => softTargetLoss(x as tf.Tensor2D, targets, weights), logits);
      assertGradient((x) => crossEntropy(x as tf.Tensor2D, classLabels), logits);
    });
  });
}
