import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs-core';
import { attentionEdgeLoss, attentionEdges } from '../../../server/src/defense/attentionEdges';
import { collate } from '../../../server/src/graph/batch';
import { selectBackend } from '../../../server/src/tensor/backend';
import { testedBackends } from '../../support/backends';
import { graphOf } from '../../support/graphs';
import { assertClose } from './assertClose';

const layout = { kind: 'constant', width: 1, attributeWidth: 0, labelColumns: 0 } as const;
/** Two graphs, of 2 and 3 nodes. */
const batch = collate([graphOf(2), graphOf(3)], layout);
const maps = [
  [0.6, 0.8, 1, 0, 0],
  [0.8, 0.6, 0, 1, 0],
  [1, 0, 0, 0.6, 0.8],
];
/** Squared distances of maps 0 and 1, 0 and 2, 1 and 2 on each graph. */
const distances = [
  [0.08, 2],
  [0.8, 2],
  [0.4, 0.8],
];
const expected = distances.map(([a, b]) => [a / Math.max(a, b), b / Math.max(a, b)]);

for (const backend of testedBackends) {
  describe(`attention relation graphs on ${backend}`, () => {
    before(() => selectBackend(backend));

    it('have the distances of maps by pair of layers, over the largest of the batch', () => {
      const tensors = tf.memory().numTensors;
      const edges = tf.tidy(() =>
        attentionEdges(
          maps.map((map) => tf.tensor1d(map)),
          batch,
        ).map((edge) => [...edge.dataSync()]),
      );
      edges.forEach((edge, pair) => assertClose(edge, expected[pair], `pair ${pair}`));
      assert.equal(edges.length, 3);
      assert.equal(tf.memory().numTensors, tensors);
    });

    it('are compared by the mean square; alike layers, or one, make no difference', () => {
      tf.tidy(() => {
        const edgesOf = (values: readonly number[][]): tf.Tensor2D[] =>
          attentionEdges(
            values.map((map) => tf.tensor1d(map)),
            batch,
          );
        const taught = edgesOf([maps[0], maps[0], maps[0]]);
        // Equal maps have the same tiny distance on all graphs: edges of 1.
        const squares = expected.map(([a, b]) => ((a - 1) ** 2 + (b - 1) ** 2) / 2);
        const mean = squares.reduce((sum, value) => sum + value, 0) / 3;
        assertClose(attentionEdgeLoss(edgesOf(maps), taught).dataSync(), [mean], 'loss');
        assertClose(attentionEdgeLoss(edgesOf(maps), edgesOf(maps)).dataSync(), [0], 'the same');
        assertClose(attentionEdgeLoss(edgesOf([maps[0]]), []).dataSync(), [0], 'one layer');
      });
    });

    it('have the gradient of finite differences', () => {
      const loss = (map: tf.Tensor1D): tf.Scalar => {
        const own = attentionEdges([map, ...maps.slice(1).map((other) => tf.tensor1d(other))], batch);
        const taught = expected.map(([a, b]) => tf.tensor2d([b, a], [2, 1]));
        return attentionEdgeLoss(own, taught);
      };
      const gradient = tf.tidy(() => [
        ...tf
          .grad((x) => loss(x as tf.Tensor1D))(tf.tensor1d(maps[0]))
          .dataSync(),
      ]);
      const step = 1e-2;
      const differences = maps[0].map((_, i) => {
        const at = (shift: number): number =>
          tf.tidy(() => loss(tf.tensor1d(maps[0].map((value, j) => (i === j ? value + shift : value)))).dataSync()[0]);
        return (at(step) - at(-step)) / (2 * step);
      });
      gradient.forEach((slope, i) =>
        assert.ok(Math.abs(slope - differences[i]) < 3e-3, `${i}: ${slope} and ${differences[i]}`),
      );
    });
  });
}
