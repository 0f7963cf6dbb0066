import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-core/dist/register_all_gradients';
import '@tensorflow/tfjs-backend-cpu';
import { Rng } from '../../../server/src/graph/rng';
import { attentionMap, type AttentionWeighting } from '../../../server/src/tensor/attentionMap';
import { assertGradient } from './finiteDifferences';

const weightings: AttentionWeighting[] = ['propagate', 'none', 'rsqrt', 'inverse', 'log', 'max'];

/** A triangle with a tail, a lone edge and a graph of one isolated node. */
const graphs = {
  nodeOffsets: Int32Array.of(0, 4, 6, 7),
  rowOffsets: Int32Array.of(0, 2, 5, 7, 8, 9, 10, 10),
  columns: Int32Array.of(1, 2, 0, 2, 3, 0, 1, 1, 5, 4),
  degrees: Float32Array.of(2, 3, 2, 1, 1, 1, 0),
};

function randomFeatures(seed: number): tf.Tensor2D {
  const rng = new Rng(seed);
  // Away from zero, where |x| has no derivative.
  return tf.tensor2d(
    Array.from({ length: 21 }, () => (rng.uniform() < 0.5 ? -1 : 1) * rng.between(0.2, 1.5)),
    [7, 3],
  );
}

describe('attentionMap', () => {
  before(() => tf.setBackend('cpu'));

  for (const weighting of weightings) {
    for (const power of [1, 2, 3, 4]) {
      it(`has the gradient of its values (${weighting}, p = ${power})`, () => {
        const features = randomFeatures(power);
        const mix = tf.tensor1d([0.3, -1, 0.7, 1.2, -0.4, 0.9, 0.5]);
        assertGradient(
          (x) => tf.sum<tf.Scalar>(tf.mul(attentionMap(x as tf.Tensor2D, graphs, power, weighting), mix)),
          features,
        );
        tf.dispose([features, mix]);
      });
    }
  }

  it('has unit norm on every graph that holds any activation', () => {
    const features = randomFeatures(5);
    for (const weighting of weightings) {
      const map = attentionMap(features, graphs, 2, weighting).dataSync();
      for (let g = 0; g < 3; g++) {
        let squares = 0;
        for (let v = graphs.nodeOffsets[g]; v < graphs.nodeOffsets[g + 1]; v++) squares += map[v] ** 2;
        // `log` and `max` give an isolated node no attention at all.
        const silent = g === 2 && (weighting === 'log' || weighting === 'max');
        assert.ok(Math.abs(squares - (silent ? 0 : 1)) < 1e-5, `${weighting}, graph ${g}: ${squares}`);
      }
    }
    features.dispose();
  });

  it('stays finite on a layer that is silent', () => {
    const features = tf.zeros<tf.Rank.R2>([7, 3]);
    for (const weighting of weightings) {
      const gradient = tf.grad((x) => tf.sum(attentionMap(x as tf.Tensor2D, graphs, 2, weighting)))(features);
      assert.ok(gradient.dataSync().every(Number.isFinite));
      gradient.dispose();
    }
    features.dispose();
  });
});
