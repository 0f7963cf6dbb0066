import fc from 'fast-check';
import * as tf from '@tensorflow/tfjs-core';
import { Rng } from '../../../../server/src/graph/rng';
import { anyFloat, assertAgrees, finiteFloat, tensorOf } from './agreement';

const size = fc.integer({ min: 0, max: 18 });
const shape = fc.oneof(
  fc.constant([]),
  fc.tuple(size),
  fc.tuple(size, size),
  fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 4 }), size),
);

/** A shape and some of its axes, the ones in the middle too. */
const reduction = shape.chain((dimensions) =>
  fc.record({
    dimensions: fc.constant(dimensions),
    axes: fc.option(fc.subarray(dimensions.map((_, i) => i)), { nil: undefined }),
    keepDims: fc.boolean(),
  }),
);

describe('reduction kernels', () => {
  for (const name of ['sum', 'mean'] as const) {
    it(`${name} agrees with the cpu backend along any axes`, async () => {
      const drawn = reduction.chain((chosen) =>
        fc.record({ ...wrapped(chosen), x: tensorOf(chosen.dimensions, finiteFloat) }),
      );
      await fc.assert(
        fc.asyncProperty(drawn, ({ x, axes, keepDims }) => assertAgrees([x], (t) => tf[name](t, axes, keepDims), 2e-5)),
        { seed: 1, numRuns: 100 },
      );
    });

    it(`${name} passes on what is not finite`, async () => {
      for (const special of [NaN, Infinity, -Infinity]) {
        const values = Array.from({ length: 35 }, (_, i) => (i === 17 || i === 23 ? special : i));
        for (const axis of [undefined, 0, 1]) {
          await assertAgrees([{ shape: [5, 7], dtype: 'float32', values }], (x) => tf[name](x, axis), 1e-6);
        }
      }
    });
  }

  for (const name of ['max', 'min'] as const) {
    it(`${name} gives the numbers of the cpu backend along any axes`, async () => {
      // A zero of either sign may come out where there are both.
      const values = anyFloat.map((value) => (value === 0 ? 0 : value));
      const drawn = reduction.chain((chosen) =>
        fc.record({ ...wrapped(chosen), x: tensorOf(chosen.dimensions, values) }),
      );
      await fc.assert(
        fc.asyncProperty(drawn, ({ x, axes, keepDims }) => assertAgrees([x], (t) => tf[name](t, axes, keepDims))),
        { seed: 2, numRuns: 100 },
      );
    });
  }

  it('adds up long vectors with little error', async () => {
    const rng = new Rng(1);
    const values = Array.from({ length: 50_001 }, () => Math.fround(rng.normal() + 1));
    await assertAgrees([{ shape: [50_001], dtype: 'float32', values }], (x) => tf.sum(x), 1e-7);
    await assertAgrees([{ shape: [16_667, 3], dtype: 'float32', values }], (x) => tf.mean(x), 1e-6);
    await assertAgrees([{ shape: [16_667, 3], dtype: 'float32', values }], (x) => tf.sum(x, 0), 1e-6);
  });

  it('leaves other types to the cpu backend', async () => {
    for (const dtype of ['int32', 'bool'] as const) {
      const x = { shape: [2, 2], dtype, values: [1, 0, 1, 1] };
      await assertAgrees([x], (t) => tf.sum(t, 0));
      await assertAgrees([x], (t) => tf.mean(t));
      await assertAgrees([x], (t) => tf.max(t, 1));
    }
  });
});

function wrapped<T extends object>(values: T): { [K in keyof T]: fc.Arbitrary<T[K]> } {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, fc.constant(value)])) as never;
}
