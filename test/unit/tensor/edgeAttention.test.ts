import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { Rng } from '../../../server/src/graph/rng';
import { edgeAttention, edgeAttentionComposed } from '../../../server/src/tensor/edgeAttention';
import type { SparseMatrix } from '../../../server/src/tensor/sparseMatrix';
import { randomValues } from '../../support/operations';
import { denseOf, randomEdges } from '../../support/sparse';
import { assertEqualsDense, attentionSizes, describeAttention, withoutLeaks } from './attentionRuns';
import { assertGradient } from './finiteDifferences';

/** The layer on the full matrix of scores: nothing but operations of tfjs with gradients of their own. */
function denseAttention(edges: SparseMatrix, [z, target, source]: readonly tf.Tensor[]): tf.Tensor {
  const nodes = z.shape[0];
  const [heads, width] = target.shape as [number, number];
  const counts = tf.tensor2d(denseOf(edges), [...edges.shape]);
  // An empty row has nothing to share out.
  const empty = tf.cast(tf.equal(tf.sum(counts, 1, true), 0), 'float32');
  const outputs = Array.from({ length: heads }, (_, h) => {
    const part = tf.slice(z, [0, h * width], [nodes, width]);
    const vector = (of: tf.Tensor): tf.Tensor2D => tf.reshape(tf.slice(of, [h, 0], [1, width]), [width, 1]);
    const ofTarget = tf.matMul(part, vector(target));
    const ofSource = tf.transpose(tf.matMul(part, vector(source)));
    const shares = tf.mul(counts, tf.exp(tf.leakyRelu(tf.add(ofTarget, ofSource), 0.2)));
    return tf.matMul(tf.div(shares, tf.add(tf.sum(shares, 1, true), empty)), part);
  });
  return tf.concat(outputs, 1);
}

describeAttention(
  ['edgeAttention', edgeAttention],
  ['edgeAttentionComposed', edgeAttentionComposed],
  (operation, backend) => {
    it('equals attention by full matrices, all gradients included, for any graphs, heads and widths', async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.record({ nodes: fc.integer({ min: 1, max: 12 }), ...attentionSizes }),
          async ({ nodes, heads, width, loops, seed }) => {
            const rng = new Rng(seed);
            const edges = randomEdges(rng, nodes, loops);
            const inputs = [
              randomValues(rng, nodes, heads * width),
              randomValues(rng, heads, width),
              randomValues(rng, heads, width),
            ];
            const layer = (...[z, target, source]: tf.Tensor[]): tf.Tensor =>
              operation(edges, z as tf.Tensor2D, { target: target as tf.Tensor2D, source: source as tf.Tensor2D });
            await assertEqualsDense(backend, inputs, layer, (...tensors) => denseAttention(edges, tensors), 1e-5);
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
        const [z, target, source] = [of(5, 8), of(2, 4), of(2, 4)];
        const mix = of(5, 8);
        const value = (...[x, t, s]: tf.Tensor2D[]): tf.Scalar =>
          tf.sum(tf.mul(mix, operation(edges, x, { target: t, source: s })));
        assertGradient((x) => value(x as tf.Tensor2D, target, source), z);
        assertGradient((x) => value(z, x as tf.Tensor2D, source), target);
        assertGradient((x) => value(z, target, x as tf.Tensor2D), source);
        for (const scale of [300, -300]) {
          const far = operation(edges, tf.mul(z, scale), { target, source });
          assert.ok(far.dataSync().every(Number.isFinite), 'weights overflow');
        }
      }));
  },
);
