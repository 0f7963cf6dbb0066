import assert from 'node:assert/strict';
import fc from 'fast-check';
import * as tf from '@tensorflow/tfjs-core';
import { selectBackend } from '../../../../server/src/tensor/backend';
import { anyFloat, assertAgrees, tensorOf } from './agreement';

type Binary = 'add' | 'sub' | 'mul' | 'div' | 'minimum' | 'maximum';
type Unary = 'neg' | 'relu' | 'step' | 'abs' | 'square' | 'sqrt' | 'reciprocal' | 'rsqrt' | 'exp' | 'log';

const size = fc.integer({ min: 0, max: 19 });

/** Pairs of shapes that meet in every way, the last two in ways left to the JavaScript backend. */
const shapes = fc.tuple(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 5 }), size).chain(([n, r, c]) =>
  fc.constantFrom(
    [
      [n, r, c],
      [n, r, c],
    ],
    [[r, c], []],
    [
      [r, c],
      [1, 1],
    ],
    [[r, c], [c]],
    [
      [r, c],
      [1, c],
    ],
    [
      [r, c],
      [r, 1],
    ],
    [
      [n, r, c],
      [r, c],
    ],
    [
      [n, r, c],
      [n, 1, 1],
    ],
    [
      [n, r, c],
      [n, 1, c],
    ],
    [
      [r, 1],
      [1, c],
    ],
  ),
);

describe('element-wise kernels', () => {
  for (const name of ['add', 'sub', 'mul', 'div', 'minimum', 'maximum'] satisfies Binary[]) {
    it(`${name} gives the numbers of the cpu backend, however the operands are repeated`, async () => {
      const operands = shapes.chain(([a, b]) => fc.tuple(tensorOf(a), tensorOf(b), fc.boolean()));
      await fc.assert(
        fc.asyncProperty(operands, ([a, b, exchanged]) =>
          assertAgrees(exchanged ? [b, a] : [a, b], (x, y) => tf[name](x, y)),
        ),
        { seed: 1, numRuns: 60 },
      );
    });

    it(`${name} leaves other types to the cpu backend`, async () => {
      const int32 = { shape: [3], dtype: 'int32', values: [1, -2, 7] } as const;
      const bool = { shape: [3], dtype: 'bool', values: [1, 0, 1] } as const;
      const float32 = { shape: [3], dtype: 'float32', values: [0.5, -1.5, 2] } as const;
      await assertAgrees([int32, int32], (x, y) => tf[name](x, y));
      await assertAgrees([bool, int32], (x, y) => tf[name](x, y));
      await assertAgrees([int32, float32], (x, y) => tf[name](x, y));
      await assertAgrees([float32, bool], (x, y) => tf[name](x, y));
    });
  }

  const units: readonly (readonly [name: Unary, tolerance: number])[] = [
    ['neg', 0],
    ['relu', 0],
    ['step', 0],
    ['abs', 0],
    ['square', 0],
    ['sqrt', 0],
    ['reciprocal', 0],
    // Two roundings here, one there.
    ['rsqrt', 2e-7],
    // A float32 unit in the last place, where the exact value lies in the middle of two.
    ['exp', 1.2e-7],
    ['log', 1.2e-7],
  ];
  for (const [name, tolerance] of units) {
    it(`${name} gives the numbers of the cpu backend`, async () => {
      await fc.assert(
        fc.asyncProperty(
          size.chain((length) => tensorOf([length])),
          (x) => assertAgrees([x], (t) => tf[name](t), tolerance),
        ),
        { seed: 2, numRuns: 60 },
      );
    });
  }

  it('exp and log are exact to a float32, from the smallest result to the largest', async () => {
    await selectBackend('graphnad');
    const exponents = Array.from({ length: 400 }, (_, i) => Math.fround((i - 210) / 2 + 0.1));
    const magnitudes = Array.from({ length: 300 }, (_, i) => Math.fround(2 ** (i - 149) * (1 + (i % 7) / 7)));
    const nearOne = Array.from({ length: 200 }, (_, i) => Math.fround(1 + (i - 100) * 2 ** -22));
    for (const [name, inputs] of [['exp', exponents] as const, ['log', [...magnitudes, ...nearOne]] as const]) {
      const results = tf.tidy(() => tf[name](tf.tensor1d([...inputs])).dataSync());
      inputs.forEach((x, i) => {
        const exact = Math.fround(Math[name](x));
        const unit = Math.max(2 ** -149, Math.abs(exact) * 2 ** -23);
        assert.ok(Math.abs(results[i] - exact) <= unit || results[i] === exact, `${name}(${x}) = ${results[i]}`);
      });
    }
  });

  it('step takes its slope for what is not positive', async () => {
    await fc.assert(
      fc.asyncProperty(tensorOf([2, 5]), fc.constantFrom(0, 0.5, -2), (x, alpha) =>
        assertAgrees([x], (t) => tf.step(t, alpha)),
      ),
      { seed: 3, numRuns: 20 },
    );
  });

  it('addN sums tensors in order', async () => {
    const terms = fc
      .tuple(fc.integer({ min: 1, max: 4 }), size)
      .chain(([count, length]) => fc.tuple(...Array.from({ length: count }, () => tensorOf([length], anyFloat))));
    await fc.assert(
      fc.asyncProperty(terms, (inputs) => assertAgrees(inputs, (...tensors) => tf.addN(tensors))),
      { seed: 4, numRuns: 40 },
    );
    const int32 = { shape: [2], dtype: 'int32', values: [1, 2] } as const;
    await assertAgrees([int32, int32], (...tensors) => tf.addN(tensors));
  });

  it('fills tensors of every type', async () => {
    const x = { shape: [3, 7], dtype: 'float32', values: new Array<number>(21).fill(NaN) } as const;
    await assertAgrees([x], (t) => tf.zerosLike(t));
    await assertAgrees([{ ...x, dtype: 'int32', values: x.values.map(() => 5) }], (t) => tf.zerosLike(t));
    for (const value of [0, 2.5, -Infinity, NaN]) await assertAgrees([], () => tf.fill([5, 3], value));
    await assertAgrees([], () => tf.fill([0, 3], 1));
    await assertAgrees([], () => tf.fill([2, 3], 7, 'int32'));
  });

  it('casts so that kernels can read the result', async () => {
    const values = [0, 1, 1, 0, 1];
    for (const dtype of ['bool', 'int32', 'float32'] as const) {
      for (const to of ['bool', 'int32', 'float32'] as const) {
        await assertAgrees([{ shape: [5], dtype, values }], (x) => tf.cast(x, to));
        await assertAgrees([{ shape: [5], dtype, values }], (x) => tf.add(tf.cast(tf.cast(x, to), 'float32'), 0.5));
      }
    }
  });
});
