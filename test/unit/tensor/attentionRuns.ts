import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { selectBackend } from '../../../server/src/tensor/backend';
import { evaluateOn, type Evaluation, type Values } from '../../support/operations';
import { assertClose } from '../defense/assertClose';

type Backend = 'cpu' | 'graphnad';

/**
 * Describes an attention layer: as it runs on each backend, and composed of standard operations.
 *
 * @param tests declares the tests of one of them
 */
export function describeAttention<Operation>(
  fused: readonly [name: string, operation: Operation],
  composed: readonly [name: string, operation: Operation],
  tests: (operation: Operation, backend: Backend) => void,
): void {
  for (const [[name, operation], backend] of [
    [fused, 'graphnad'],
    [fused, 'cpu'],
    [composed, 'graphnad'],
  ] as const) {
    describe(`${name} on ${backend}`, () => tests(operation, backend));
  }
}

/** Sizes of a layer, among them some that no vector of the engine divides; whether nodes attend to themselves; a seed. */
export const attentionSizes = {
  heads: fc.integer({ min: 1, max: 9 }),
  width: fc.constantFrom(1, 2, 3, 4, 5, 8, 11, 16, 20),
  loops: fc.boolean(),
  seed: fc.nat(1000),
};

/**
 * Compares a layer with attention by full matrices on the JavaScript backend, all gradients included.
 *
 * @param tolerance of the gradients, which are compared on one scale: where a row has one entry, gradients of its scores
 *   are the rounding errors of zero
 */
export async function assertEqualsDense(
  backend: Backend,
  inputs: readonly Values[],
  layer: Parameters<typeof evaluateOn>[2],
  dense: Parameters<typeof evaluateOn>[2],
  tolerance: number,
): Promise<void> {
  const actual = await evaluateOn(backend, inputs, layer);
  const expected = await evaluateOn('cpu', inputs, dense);
  assertClose(actual.value, expected.value, 'value', 1e-5);
  const all = ({ gradients }: Evaluation): number[] => gradients.flatMap((gradient) => [...gradient]);
  assertClose(all(actual), all(expected), 'gradients', tolerance);
}

/** Runs assertions on a backend within a tidy, and makes sure that they leave no tensor behind. */
export async function withoutLeaks(backend: Backend, run: () => void): Promise<void> {
  await selectBackend(backend);
  const before = tf.memory().numTensors;
  tf.tidy(run);
  assert.equal(tf.memory().numTensors, before);
}
