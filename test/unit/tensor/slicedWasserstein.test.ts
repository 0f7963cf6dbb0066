import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { Rng } from '../../../server/src/graph/rng';
import { selectBackend } from '../../../server/src/tensor/backend';
import { slicedWasserstein, slicedWassersteinComposed } from '../../../server/src/tensor/slicedWasserstein';
import { evaluateOn, randomValues, type Values } from '../../support/operations';
import { assertClose } from '../defense/assertClose';
import { assertGradient } from './finiteDifferences';

type Operation = typeof slicedWasserstein;

/** Sorted with the sort of JavaScript, in float64; the gradient by hand. */
function byHand(
  [matrices, others]: readonly Values[],
  directions: Values,
): { readonly value: number; readonly gradient: Float64Array } {
  const [count, rows, columns] = matrices.shape;
  const depth = directions.shape[1];
  const gradient = new Float64Array(matrices.values.length);
  let sum = 0;
  for (let m = 0; m < count; m++) {
    for (let k = 0; k < depth; k++) {
      const project = ({ values }: Values): number[] =>
        Array.from({ length: rows }, (_, r) => {
          let projection = 0;
          for (let c = 0; c < columns; c++) {
            projection += values[(m * rows + r) * columns + c] * directions.values[c * depth + k];
          }
          return projection;
        });
      const points = project(matrices);
      const sorted = project(others).sort((a, b) => a - b);
      const order = points.map((_, r) => r).sort((a, b) => points[a] - points[b]);
      order.forEach((r, rank) => {
        const difference = points[r] - sorted[rank];
        sum += difference ** 2;
        for (let c = 0; c < columns; c++) {
          gradient[(m * rows + r) * columns + c] +=
            (2 * difference * directions.values[c * depth + k]) / (count * depth);
        }
      });
    }
  }
  return { value: sum / (count * depth), gradient };
}

const shapes = fc.record({
  count: fc.integer({ min: 1, max: 3 }),
  rows: fc.oneof(fc.integer({ min: 1, max: 40 }), fc.constantFrom(8, 16, 64, 65, 100)),
  columns: fc.integer({ min: 1, max: 9 }),
  depth: fc.integer({ min: 1, max: 11 }),
  seed: fc.nat(1000),
});

const operations: readonly { name: string; operation: Operation; backend: 'cpu' | 'graphnad' }[] = [
  { name: 'slicedWasserstein', operation: slicedWasserstein, backend: 'graphnad' },
  { name: 'slicedWasserstein', operation: slicedWasserstein, backend: 'cpu' },
  { name: 'slicedWassersteinComposed', operation: slicedWassersteinComposed, backend: 'graphnad' },
];

for (const { name, operation, backend } of operations) {
  describe(`${name} on ${backend}`, () => {
    async function evaluate(matrices: Values, others: Values, directions: Values): ReturnType<typeof evaluateOn> {
      return evaluateOn(backend, [matrices], (x) => {
        const [constant, along] = [others, directions].map(({ values, shape }) => tf.tensor([...values], [...shape]));
        return operation(x as tf.Tensor3D, constant as tf.Tensor3D, along as tf.Tensor2D);
      });
    }

    it('pairs values in order, gradient included, for any shapes', async () => {
      await fc.assert(
        fc.asyncProperty(shapes, async ({ count, rows, columns, depth, seed }) => {
          const rng = new Rng(seed);
          const [matrices, others] = [0, 1].map(() => randomValues(rng, count, rows, columns));
          const directions = randomValues(rng, columns, depth);
          const actual = await evaluate(matrices, others, directions);
          const expected = byHand([matrices, others], directions);
          assertClose(actual.value, [expected.value], 'value', 1e-5);
          // The gradient of the mean is mixed with one number of the helper's.
          const mix = new Rng(7).normal();
          assertClose(
            actual.gradients[0],
            expected.gradient.map((g) => g * mix),
            'gradient',
          );
        }),
        { seed: 5, numRuns: 60 },
      );
    });

    it('keeps the order of equal values, and tells apart those that differ in their last bits only', async () => {
      await fc.assert(
        fc.asyncProperty(shapes, async ({ count, rows, depth, seed }) => {
          const rng = new Rng(seed);
          // One column and directions of 1: projections are the values themselves. Whole numbers of both signs, zeros
          // of both signs, and neighbours in float32, each many times.
          const pick = (): number => {
            const value = Math.round(rng.between(-2, 2));
            return rng.uniform() < 0.3 ? Math.fround(value + value * 2 ** -23 * Math.round(rng.between(0, 3))) : value;
          };
          const stack = (): Values => ({
            shape: [count, rows, 1],
            values: Array.from({ length: count * rows }, () => (rng.uniform() < 0.5 ? 1 : -1) * pick()),
          });
          const [matrices, others] = [stack(), stack()];
          const directions = { shape: [1, depth], values: new Array<number>(depth).fill(1) };
          const actual = await evaluate(matrices, others, directions);
          const expected = byHand([matrices, others], directions);
          assertClose(actual.value, [expected.value], 'value', 1e-5);
          const mix = new Rng(7).normal();
          assertClose(
            actual.gradients[0],
            expected.gradient.map((g) => g * mix),
            'gradient',
          );
        }),
        { seed: 9, numRuns: 60 },
      );
    });

    it('has the gradient of its values and is zero between equal matrices', async () => {
      await selectBackend(backend);
      tf.tidy(() => {
        const rng = new Rng(2);
        const [matrices, others] = [0, 1].map(() => tf.tensor3d([...randomValues(rng, 2, 6, 5).values], [2, 6, 5]));
        const directions = tf.tensor2d([...randomValues(rng, 5, 4).values], [5, 4]);
        assertGradient((x) => operation(x as tf.Tensor3D, others, directions), matrices, 1e-3);
        assert.equal(operation(matrices, matrices, directions).dataSync()[0], 0);
      });
    });
  });
}
