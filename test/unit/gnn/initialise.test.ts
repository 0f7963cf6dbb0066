import assert from 'node:assert/strict';
import { Rng } from '../../../server/src/graph/rng';
import { randomLinear } from '../../../server/src/gnn/initialise';

describe('randomLinear', () => {
  it('spreads weights and biases uniformly within 1 / sqrt(inputs), as PyTorch does', () => {
    const { weight, bias, norm } = randomLinear(25, 400, false, new Rng(1));
    assert.equal(norm, undefined);
    for (const values of [weight, bias].map((array) => Array.from(array))) {
      assert.ok(values.every((value) => Math.abs(value) <= 0.2));
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      const square = values.reduce((sum, value) => sum + value * value, 0) / values.length;
      assert.ok(Math.abs(mean) < 0.02);
      assert.ok(Math.abs(Math.sqrt(square) - 0.2 / Math.sqrt(3)) < 0.01);
    }
  });

  it('starts BatchNorm as the identity', () => {
    const { norm } = randomLinear(2, 2, true, new Rng(1));
    assert.deepEqual(norm, {
      gamma: Float32Array.of(1, 1),
      beta: Float32Array.of(0, 0),
      mean: Float32Array.of(0, 0),
      variance: Float32Array.of(1, 1),
    });
  });
});
