import assert from 'node:assert/strict';
import fc from 'fast-check';
import * as tf from '@tensorflow/tfjs-core';
import { Rng } from '../../../server/src/graph/rng';
import { attentionMap, attentionMapComposed } from '../../../server/src/tensor/attentionMap';
import { selectBackend } from '../../../server/src/tensor/backend';
import { testedBackends } from '../../support/backends';
import { evaluateOn, randomValues } from '../../support/operations';
import { randomSparse, sparseOf } from '../../support/sparse';
import { assertClose } from '../defense/assertClose';
import { assertGradient } from './finiteDifferences';

/** Seven nodes in three graphs, on five rows. */
const nodeOffsets = Int32Array.of(0, 4, 6, 7);
const weighting = sparseOf([
  [0.5, 0.3, 0, 0, 0],
  [0, 1, 0.2, 0, 0],
  [0.5, 0.3, 0, 0, 0],
  [0.1, 0, 0, 0, 0],
  [0, 0, 0, 0.7, 0],
  [0, 0.4, 0, 0.7, 0],
  [0, 0, 0, 0, 2],
]);

function randomFeatures(seed: number): tf.Tensor2D {
  const rng = new Rng(seed);
  // Away from zero, where |x| has no derivative.
  return tf.tensor2d(
    Array.from({ length: 15 }, () => (rng.uniform() < 0.5 ? -1 : 1) * rng.between(0.2, 1.5)),
    [5, 3],
  );
}

for (const backend of testedBackends) {
  describe(`attentionMap on ${backend}`, () => {
    before(() => selectBackend(backend));

    for (const power of [1, 1.5, 2, 3, 4]) {
      it(`has the gradient of its values (p = ${power})`, () => {
        const features = randomFeatures(power);
        const mix = tf.tensor1d([0.3, -1, 0.7, 1.2, -0.4, 0.9, 0.5]);
        assertGradient(
          (x) => tf.sum<tf.Scalar>(tf.mul(attentionMap(x as tf.Tensor2D, weighting, nodeOffsets, power), mix)),
          features,
        );
        tf.dispose([features, mix]);
      });
    }

    it('equals the composition, gradients included, for any sizes and matrices', async () => {
      const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 });
      await fc.assert(
        fc.asyncProperty(
          sizes,
          fc.integer({ min: 1, max: 12 }),
          fc.integer({ min: 1, max: 9 }),
          fc.constantFrom(1, 2, 2.5, 3, 4),
          async (graphs, rows, channels, power) => {
            const rng = new Rng(rows * 10 + channels);
            const offsets = new Int32Array(graphs.length + 1);
            graphs.forEach((size, g) => (offsets[g + 1] = offsets[g] + size));
            const matrix = randomSparse(rng, offsets[graphs.length], rows);
            const features = randomValues(rng, rows, channels);
            const fused = await evaluateOn(backend, [features], (x) =>
              attentionMap(x as tf.Tensor2D, matrix, offsets, power),
            );
            const composed = await evaluateOn('cpu', [features], (x) =>
              attentionMapComposed(x as tf.Tensor2D, matrix, offsets, power),
            );
            assertClose(fused.value, composed.value, 'value', 1e-5);
            // Where all of a graph's attention is that of one row, the norm takes it away: what is left is rounding.
            fused.gradients[0].forEach((slope, i) => {
              assert.ok(Math.abs(slope - composed.gradients[0][i]) < 1e-5, `gradient ${i}: ${slope}`);
            });
          },
        ),
        { seed: 3, numRuns: 40 },
      );
    });

    it('has unit norm on every graph that holds any activation', () => {
      const features = randomFeatures(5);
      const map = attentionMap(features, weighting, nodeOffsets, 2);
      const values = map.dataSync();
      for (let g = 0; g < 3; g++) {
        let squares = 0;
        for (let v = nodeOffsets[g]; v < nodeOffsets[g + 1]; v++) squares += values[v] ** 2;
        assert.ok(Math.abs(squares - 1) < 1e-5, `graph ${g}: ${squares}`);
      }
      tf.dispose([features, map]);
    });

    it('stays finite on a layer that is silent, and on one that is very loud', () => {
      const silent = tf.zeros<tf.Rank.R2>([5, 3]);
      const loud: tf.Tensor2D = tf.fill([5, 3], 1e6);
      for (const features of [silent, loud]) {
        for (const power of [2, 4]) {
          const map = attentionMap(features, weighting, nodeOffsets, power);
          const gradient = tf.grad((x) => tf.sum(attentionMap(x as tf.Tensor2D, weighting, nodeOffsets, power)))(
            features,
          );
          assert.ok(map.dataSync().every(Number.isFinite));
          assert.ok(gradient.dataSync().every(Number.isFinite));
          tf.dispose([map, gradient]);
        }
      }
      tf.dispose([silent, loud]);
    });
  });
}
