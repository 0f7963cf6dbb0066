import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { Rng } from '../../../server/src/graph/rng';
import { selectBackend } from '../../../server/src/tensor/backend';
import { edgeAttention, edgeAttentionComposed } from '../../../server/src/tensor/edgeAttention';
import type { SparseMatrix } from '../../../server/src/tensor/sparseMatrix';
import { evaluateOn, randomValues, type Evaluation } from '../../support/operations';
import { denseOf, randomEdges } from '../../support/sparse';
import { assertClose } from '../defense/assertClose';
import { assertGradient } from './finiteDifferences';

type Operation = typeof edgeAttention;

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

const operations: readonly { name: string; operation: Operation; backend: 'cpu' | 'graphnad' }[] = [
  { name: 'edgeAttention', operation: edgeAttention, backend: 'graphnad' },
  { name: 'edgeAttention', operation: edgeAttention, backend: 'cpu' },
  { name: 'edgeAttentionComposed', operation: edgeAttentionComposed, backend: 'graphnad' },
];

for (const { name, operation, backend } of operations) {
  describe(`${name} on ${backend}`, () => {
    it('equals attention by full matrices, all gradients included, for any graphs, heads and widths', async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.record({
            nodes: fc.integer({ min: 1, max: 12 }),
            heads: fc.integer({ min: 1, max: 9 }),
            width: fc.constantFrom(1, 2, 3, 4, 5, 8, 11, 16, 20),
            loops: fc.boolean(),
            seed: fc.nat(1000),
          }),
          async ({ nodes, heads, width, loops, seed }) => {
            const rng = new Rng(seed);
            const edges = randomEdges(rng, nodes, loops);
            const inputs = [
              randomValues(rng, nodes, heads * width),
              randomValues(rng, heads, width),
              randomValues(rng, heads, width),
            ];
            const actual = await evaluateOn(backend, inputs, (z, target, source) =>
              operation(edges, z as tf.Tensor2D, { target: target as tf.Tensor2D, source: source as tf.Tensor2D }),
            );
            const expected = await evaluateOn('cpu', inputs, (...tensors) => denseAttention(edges, tensors));
            assertClose(actual.value, expected.value, 'value', 1e-5);
            // On one scale: where a row has one entry, gradients of its scores are the rounding errors of zero.
            const all = ({ gradients }: Evaluation): number[] => gradients.flatMap((gradient) => [...gradient]);
            assertClose(all(actual), all(expected), 'gradients', 1e-5);
          },
        ),
        { seed: 3, numRuns: 30 },
      );
    });

    it('has the gradient of its values, where scores are far apart too', async () => {
      await selectBackend(backend);
      const before = tf.memory().numTensors;
      tf.tidy(() => {
        const rng = new Rng(4);
        const edges = randomEdges(rng, 5, true);
        const of = (scale: number, ...shape: [number, number]): tf.Tensor2D =>
          tf.tensor2d(
            randomValues(rng, ...shape).values.map((x) => scale * x),
            shape,
          );
        const [z, target, source] = [of(1, 5, 8), of(1, 2, 4), of(1, 2, 4)];
        const mix = of(1, 5, 8);
        const value = (...[x, t, s]: tf.Tensor2D[]): tf.Scalar =>
          tf.sum(tf.mul(mix, operation(edges, x, { target: t, source: s })));
        assertGradient((x) => value(x as tf.Tensor2D, target, source), z);
        assertGradient((x) => value(z, x as tf.Tensor2D, source), target);
        assertGradient((x) => value(z, target, x as tf.Tensor2D), source);
        const far = tf.mul<tf.Tensor2D>(z, 300);
        for (const values of [
          operation(edges, far, { target, source }),
          operation(edges, tf.neg(far), { target, source }),
        ]) {
          tf.util.assert(values.dataSync().every(Number.isFinite), () => 'weights overflow');
        }
      });
      tf.util.assert(tf.memory().numTensors === before, () => 'tensors were left behind');
    });
  });
}
