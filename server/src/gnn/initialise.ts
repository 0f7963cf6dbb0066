import type { Rng } from '../graph/rng';
import type { LinearValues } from './parameters';

/**
 * PyTorch's default initial values: weights and biases uniform within 1 / sqrt(inputs) (Kaiming uniform with
 * a = sqrt(5)), BatchNorm as the identity.
 */
export function randomLinear(inputs: number, outputs: number, batchNorm: boolean, rng: Rng): LinearValues {
  const bound = 1 / Math.sqrt(inputs);
  const uniform = (length: number): Float32Array => Float32Array.from({ length }, () => rng.between(-bound, bound));
  const constant = (value: number): Float32Array => new Float32Array(outputs).fill(value);
  return {
    inputs,
    outputs,
    weight: uniform(inputs * outputs),
    bias: uniform(outputs),
    ...(batchNorm && {
      norm: { gamma: constant(1), beta: constant(0), mean: constant(0), variance: constant(1) },
    }),
  };
}
