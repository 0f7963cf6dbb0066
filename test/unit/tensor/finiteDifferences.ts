import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs-core';

/**
 * Compares the gradient of a scalar function with central differences. The function runs in float32, so the step is
 * large and the tolerance loose; tight checks are made against the float64 fixtures.
 */
export function assertGradient(f: (x: tf.Tensor) => tf.Scalar, x: tf.Tensor, step = 1e-2, tolerance = 2e-2): void {
  const gradient = tf.tidy(() => tf.grad(f)(x).dataSync<'float32'>().slice());
  const values = x.dataSync<'float32'>();
  const at = (i: number, delta: number): number =>
    tf.tidy(() => {
      const moved = values.slice();
      moved[i] += delta;
      return f(tf.tensor(moved, x.shape)).dataSync()[0];
    });
  const largest = gradient.reduce((most, g) => Math.max(most, Math.abs(g)), 0);
  assert.ok(largest > 0, 'a gradient of zero everywhere proves nothing');
  for (let i = 0; i < values.length; i++) {
    const estimate = (at(i, step) - at(i, -step)) / (2 * step);
    const error = Math.abs(estimate - gradient[i]);
    assert.ok(error <= tolerance * largest, `element ${i}: gradient ${gradient[i]}, differences ${estimate}`);
  }
}
