import assert from 'node:assert/strict';
import fc from 'fast-check';
import * as tf from '@tensorflow/tfjs-core';
import { selectBackend } from '../../../../server/src/tensor/backend';
import { GraphnadBackend } from '../../../../server/src/tensor/engine/graphnadBackend';

/** A tensor as plain values. */
export interface Plain {
  readonly shape: readonly number[];
  readonly dtype: tf.DataType;
  readonly values: readonly number[];
}

/** Numbers where float32 arithmetic is easily got wrong, among plain ones. */
export const anyFloat = fc.oneof(
  { weight: 4, arbitrary: fc.float({ min: -100, max: 100, noNaN: true }) },
  { weight: 1, arbitrary: fc.constantFrom(0, -0, NaN, Infinity, -Infinity, 1e-45, -1e-40, 3.4e38, -3.4e38) },
);

export const finiteFloat = fc.float({ min: -8, max: 8, noNaN: true });

/** Float32 tensors of a shape. */
export function tensorOf(shape: readonly number[], values: fc.Arbitrary<number> = anyFloat): fc.Arbitrary<Plain> {
  const length = tf.util.sizeFromShape([...shape]);
  return fc
    .array(values, { minLength: length, maxLength: length, size: 'max' })
    .map((drawn) => ({ shape, dtype: 'float32', values: drawn }));
}

/**
 * Holds an operation on our backend against the same on the JavaScript backend.
 *
 * @param tolerance relative to the expected value or 1; 0 asks for the same float32 numbers, signs of zero included
 */
export async function assertAgrees(
  inputs: readonly Plain[],
  operation: (...inputs: tf.Tensor[]) => tf.Tensor,
  tolerance = 0,
): Promise<void> {
  const expected = await evaluate('cpu', inputs, operation);
  const actual = await evaluate('graphnad', inputs, operation);
  assert.deepEqual(actual.shape, expected.shape);
  assert.equal(actual.dtype, expected.dtype);
  assert.equal(actual.values.length, expected.values.length);
  actual.values.forEach((value, i) => {
    const wanted = expected.values[i];
    const close = Math.abs(value - wanted) <= tolerance * Math.max(1, Math.abs(wanted));
    assert.ok(Object.is(value, wanted) || (tolerance > 0 && close), `[${i}]: ${value} instead of ${wanted}`);
  });
}

async function evaluate(
  backend: 'cpu' | 'graphnad',
  inputs: readonly Plain[],
  operation: (...inputs: tf.Tensor[]) => tf.Tensor,
): Promise<Plain> {
  await selectBackend(backend);
  const before = inUse();
  const result = tf.tidy(() => {
    const output = operation(...inputs.map(({ values, shape, dtype }) => tf.tensor([...values], [...shape], dtype)));
    return { shape: output.shape, dtype: output.dtype, values: Array.from(output.dataSync()) };
  });
  assert.deepEqual(inUse(), before, 'what was allocated is given back');
  return result;
}

function inUse(): { tensors: number; bytes: number } {
  const backend = tf.backend();
  const bytes = backend instanceof GraphnadBackend ? backend.memoryPool.bytesInUse : 0;
  return { tensors: tf.memory().numTensors, bytes };
}
