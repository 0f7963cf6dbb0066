import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-core/dist/register_all_gradients';
import '@tensorflow/tfjs-backend-cpu';
import { gramTerms, randomProjections, relationLoss, relationMatrices } from '../../../server/src/defense/relation';
import { Rng } from '../../../server/src/graph/rng';
import { graphGrams } from '../../../server/src/tensor/graphGrams';
import { assertGradient } from '../tensor/finiteDifferences';
import { assertClose } from './assertClose';
import { nodeOutput } from '../../support/layers';
import { numeric, numericBatch } from '../../support/numericFixture';

const pairs = [
  [0, 1],
  [0, 2],
  [1, 2],
];
const all = Int32Array.of(0, 1, 2);

describe('relation congruence', () => {
  before(() => tf.setBackend('cpu'));

  for (const mode of ['bn_eval', 'bn_train'] as const) {
    it(`has the Gram matrices and L_RC of PyTorch in float64 (${mode})`, () => {
      const fixture = numeric[mode];
      const batch = numericBatch();
      tf.tidy(() => {
        const student = fixture.student_feats.map((m) => nodeOutput(tf.tensor2d(m)));
        const teacher = fixture.teacher_feats.map((m) => nodeOutput(tf.tensor2d(m)));
        pairs.forEach(([i, j], pair) => {
          const terms = gramTerms(student[i].classes, student[j].classes, batch, all);
          const grams = graphGrams(student[i].rows, student[j].rows, terms);
          assertClose(grams.dataSync(), fixture.fsp_student[pair].flat(3), `layers ${i}, ${j}`);
        });
        const loss = relationLoss(relationMatrices(student, batch, all), relationMatrices(teacher, batch, all), () =>
          tf.tensor2d(numeric.proj),
        );
        assertClose(loss.dataSync(), [fixture.L_RC_fsp], 'L_RC');
      });
    });
  }

  it('has the gradient of its values', () => {
    const batch = numericBatch();
    const { student_feats: studentLayers, teacher_feats: teacherLayers } = numeric.bn_eval;
    const projections = tf.tensor2d(numeric.proj);
    const teacher = relationMatrices(
      teacherLayers.map((m) => nodeOutput(tf.tensor2d(m))),
      batch,
      all,
    );
    const others = studentLayers.map((m) => nodeOutput(tf.tensor2d(m)));
    for (const moving of [0, 1, 2]) {
      const loss = (x: tf.Tensor): tf.Scalar => {
        const layers = others.map((layer, l) => (l === moving ? nodeOutput(x as tf.Tensor2D) : layer));
        return relationLoss(relationMatrices(layers, batch, all), teacher, () => projections);
      };
      assertGradient(loss, others[moving].rows, 1e-3);
    }
  });

  it('is zero between equal models and for a single layer', () => {
    const batch = numericBatch();
    tf.tidy(() => {
      const layers = numeric.bn_eval.student_feats.map((m) => nodeOutput(tf.tensor2d(m)));
      const matrices = relationMatrices(layers, batch, all);
      const projections = randomProjections(4, 8, new Rng(1));
      assert.equal(relationLoss(matrices, matrices, () => projections).dataSync()[0], 0);
      const none = relationMatrices(layers.slice(0, 1), batch, all);
      assert.equal(relationLoss(none, none, () => projections).dataSync()[0], 0);
    });
  });

  it('has a finite gradient where a layer is silent on a graph', () => {
    const batch = numericBatch();
    tf.tidy(() => {
      const layers = numeric.bn_eval.student_feats.map((m) => nodeOutput(tf.tensor2d(m)));
      const teacher = relationMatrices(layers, batch, all);
      // Silent on the second graph (nodes 4 to 6), or on all.
      const masks = [
        [1, 0, 1],
        [0, 0, 0],
      ].map((alive) =>
        tf.tensor2d(
          alive.flatMap((on, g) => new Array<number>([4, 3, 5][g]).fill(on)),
          [12, 1],
        ),
      );
      for (const mask of masks) {
        const silent = tf.mul<tf.Tensor2D>(layers[2].rows, mask);
        const loss = (x: tf.Tensor): tf.Scalar => {
          const student = relationMatrices([layers[0], layers[1], nodeOutput(x as tf.Tensor2D)], batch, all);
          return relationLoss(student, teacher, () => tf.tensor2d(numeric.proj));
        };
        assert.ok(tf.grad(loss)(silent).dataSync().every(Number.isFinite));
      }
    });
  });

  it('draws projections of unit length, the same for the same seed', () => {
    const first = randomProjections(5, 3, new Rng(7));
    const second = randomProjections(5, 3, new Rng(7));
    assert.deepEqual(first.dataSync(), second.dataSync());
    const norms = tf.norm(first, 'euclidean', 0).dataSync();
    norms.forEach((norm) => assert.ok(Math.abs(norm - 1) < 1e-6));
    tf.dispose([first, second]);
  });
});
