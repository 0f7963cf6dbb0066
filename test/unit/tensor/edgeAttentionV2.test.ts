import fc from 'fast-check';
import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs-core';
import { Rng } from '../../../server/src/graph/rng';
import { edgeAttentionV2, edgeAttentionV2Composed } from '../../../server/src/tensor/edgeAttentionV2';
import { SparseMatrix } from '../../../server/src/tensor/sparseMatrix';
import { randomValues } from '../../support/operations';
import { denseOf, randomEdges, randomSparse } from '../../support/sparse';
import { assertEqualsDense, attentionSizes, describeAttention, withoutLeaks } from './attentionRuns';
import { assertGradient } from './finiteDifferences';

/** The layer on the full matrix of scores: nothing but operations of tfjs with gradients of their own. */
function denseAttention(edges: SparseMatrix, [target, source, vector]: readonly tf.Tensor[]): tf.Tensor {
  const [rows, columns] = edges.shape;
  const [heads, width] = vector.shape as [number, number];
  const counts = tf.tensor2d(denseOf(edges), [rows, columns]);
  // An empty row has nothing to share out.
  const empty = tf.cast(tf.equal(tf.sum(counts, 1, true), 0), 'float32');
  const outputs = Array.from({ length: heads }, (_, h) => {
    const part = (of: tf.Tensor): tf.Tensor => tf.slice(of, [0, h * width], [of.shape[0], width]);
    const sums = tf.add(tf.expandDims(part(target), 1), tf.expandDims(part(source), 0));
    const scores = tf.sum(tf.mul(tf.leakyRelu(sums, 0.2), tf.slice(vector, [h, 0], [1, width])), 2);
    const shares = tf.mul(counts, tf.exp(scores));
    return tf.matMul(tf.div(shares, tf.add(tf.sum(shares, 1, true), empty)), part(source));
  });
  return tf.concat(outputs, 1);
}

/** Edges from other nodes than those that receive. */
function betweenOthers(rng: Rng, rows: number, columns: number): SparseMatrix {
  const { shape, rowOffsets, columnIndices } = randomSparse(rng, rows, columns);
  return new SparseMatrix(
    shape,
    rowOffsets,
    columnIndices,
    Float32Array.from(columnIndices, () => 1 + rng.integer(3)),
  );
}

describeAttention(
  ['edgeAttentionV2', edgeAttentionV2],
  ['edgeAttentionV2Composed', edgeAttentionV2Composed],
  (operation, backend) => {
    it('equals attention by full matrices, all gradients included, for any graphs, heads and widths', async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.record({
            rows: fc.integer({ min: 1, max: 12 }),
            others: fc.option(fc.integer({ min: 1, max: 12 })),
            ...attentionSizes,
          }),
          async ({ rows, others, heads, width, loops, seed }) => {
            const rng = new Rng(seed);
            const edges = others === null ? randomEdges(rng, rows, loops) : betweenOthers(rng, rows, others);
            const inputs = [
              randomValues(rng, rows, heads * width),
              randomValues(rng, edges.shape[1], heads * width),
              randomValues(rng, heads, width),
            ];
            const layer = (...[target, source, vector]: tf.Tensor[]): tf.Tensor =>
              operation(edges, { target: target as tf.Tensor2D, source: source as tf.Tensor2D }, vector as tf.Tensor2D);
            await assertEqualsDense(backend, inputs, layer, (...tensors) => denseAttention(edges, tensors), 2e-5);
          },
        ),
        { seed: 3, numRuns: 30 },
      );
    });

    it('has the gradient of its values, and no overflow where scores are far apart', () =>
      withoutLeaks(backend, () => {
        const rng = new Rng(4);
        const edges = randomEdges(rng, 5, true);
        const of = (...shape: [number, number]): tf.Tensor2D =>
          tf.tensor2d([...randomValues(rng, ...shape).values], shape);
        const [target, source, vector, mix] = [of(5, 8), of(5, 8), of(2, 4), of(5, 8)];
        const value = (...[t, s, a]: tf.Tensor[]): tf.Scalar =>
          tf.sum(
            tf.mul(mix, operation(edges, { target: t as tf.Tensor2D, source: s as tf.Tensor2D }, a as tf.Tensor2D)),
          );
        // A small step, so that few sums cross the corner of the LeakyReLU.
        assertGradient((x) => value(x, source, vector), target, 2e-3, 5e-2);
        assertGradient((x) => value(target, x, vector), source, 2e-3, 5e-2);
        assertGradient((x) => value(target, source, x), vector);
        for (const scale of [300, -300]) {
          const far = operation(edges, { target, source }, tf.mul(vector, scale));
          assert.ok(far.dataSync().every(Number.isFinite), 'weights overflow');
        }
      }));
  },
);
