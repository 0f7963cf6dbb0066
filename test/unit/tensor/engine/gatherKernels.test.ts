import assert from 'node:assert/strict';
import fc from 'fast-check';
import * as tf from '@tensorflow/tfjs-core';
import { selectBackend } from '../../../../server/src/tensor/backend';
import { anyFloat, assertAgrees, finiteFloat, tensorOf, type Plain } from './agreement';

const size = fc.integer({ min: 0, max: 11 });
const rowShapes = fc.oneof(fc.constant([]), fc.tuple(size), fc.tuple(fc.integer({ min: 1, max: 3 }), size));

function indices(count: number, min: number, max: number): fc.Arbitrary<Plain> {
  return fc
    .array(fc.integer({ min, max }), { minLength: count, maxLength: count })
    .map((values) => ({ shape: [count], dtype: 'int32', values }));
}

describe('gather kernels', () => {
  it('gathers rows as the cpu backend does', async () => {
    const drawn = fc
      .tuple(fc.integer({ min: 1, max: 6 }), rowShapes, size)
      .chain(([rows, row, count]) => fc.tuple(tensorOf([rows, ...row]), indices(count, 0, rows - 1)));
    await fc.assert(
      fc.asyncProperty(drawn, (inputs) => assertAgrees(inputs, (x, at) => tf.gather(x, at))),
      { seed: 1, numRuns: 60 },
    );
  });

  it('gathers along other axes, with several dimensions of indices and in batches', async () => {
    const x: Plain = { shape: [2, 3, 4], dtype: 'float32', values: Array.from({ length: 24 }, (_, i) => i) };
    const at: Plain = { shape: [2, 2], dtype: 'int32', values: [1, 0, 1, 1] };
    await assertAgrees([x, at], (t, i) => tf.gather(t, i));
    await assertAgrees([x, at], (t, i) => tf.gather(t, i, 2));
    await assertAgrees([x, at], (t, i) => tf.gather(t, i, 1, 1));
    await assertAgrees([{ ...x, dtype: 'int32' }, at], (t, i) => tf.gather(t, i));
  });

  it('refuses rows that are not there', async () => {
    await selectBackend('graphnad');
    for (const index of [-1, 2]) {
      assert.throws(
        () => tf.tidy(() => tf.gather(tf.zeros([2, 3]), tf.tensor1d([0, index], 'int32'))),
        /not in \[0, 1\]/,
      );
    }
  });

  it('sums segments as the cpu backend does, and passes over segments that are not asked for', async () => {
    const drawn = fc
      .tuple(size, rowShapes, fc.integer({ min: 1, max: 5 }))
      .chain(([rows, row, segments]) =>
        fc.tuple(tensorOf([rows, ...row], finiteFloat), indices(rows, -1, 6), fc.constant(segments)),
      );
    await fc.assert(
      fc.asyncProperty(drawn, ([x, ids, segments]) =>
        assertAgrees([x, ids], (t, s) => tf.unsortedSegmentSum(t, s as tf.Tensor1D, segments), 1e-6),
      ),
      { seed: 2, numRuns: 60 },
    );
  });

  it('repeats tensors as the cpu backend does', async () => {
    const drawn = fc
      .tuple(size, size, fc.integer({ min: 0, max: 4 }), fc.integer({ min: 0, max: 2 }))
      .chain(([rows, columns, down, along]) =>
        fc.constantFrom(
          { shape: [1, columns], reps: [down, 1] },
          { shape: [1, 1, columns], reps: [down, along, 1] },
          { shape: [columns], reps: [1] },
          { shape: [1], reps: [down] },
          { shape: [rows, columns], reps: [down, along] },
        ),
      )
      .chain(({ shape, reps }) => fc.tuple(tensorOf(shape), fc.constant(reps)));
    await fc.assert(
      fc.asyncProperty(drawn, ([x, reps]) => assertAgrees([x], (t) => tf.tile(t, [...reps]))),
      { seed: 3, numRuns: 60 },
    );
  });

  it('transposes as the cpu backend does', async () => {
    const drawn = fc.tuple(size, size).chain((shape) => tensorOf(shape, anyFloat));
    await fc.assert(
      fc.asyncProperty(drawn, (x) => assertAgrees([x], (t) => tf.transpose(t))),
      { seed: 4, numRuns: 40 },
    );
    const x: Plain = { shape: [2, 3, 4], dtype: 'float32', values: Array.from({ length: 24 }, (_, i) => i) };
    await assertAgrees([x], (t) => tf.transpose(t, [2, 0, 1]));
    await assertAgrees([{ ...x, dtype: 'int32', shape: [6, 4] }], (t) => tf.transpose(t));
  });
});
