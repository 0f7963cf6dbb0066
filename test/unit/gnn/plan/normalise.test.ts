import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs-core';
import type { NormVariables } from '../../../../server/src/gnn/parameters';
import { frozenBatchNorm, normalise, trainingBatchNorm } from '../../../../server/src/gnn/plan/normalise';
import { normOf } from '../../../../server/src/gnn/plan/planParameters';
import { batchNormRelu } from '../../../../server/src/tensor/batchNormRelu';
import { selectBackend } from '../../../../server/src/tensor/backend';
import { batchNormStep } from '../../../support/usualPlans';
import { assertClose } from '../../defense/assertClose';

const rows = [
  [1, -2],
  [3, 0.5],
  [-1, 4],
];
const multiplicity = Float32Array.of(1, 2, 1);

function withNorm(look: (norm: NormVariables) => void, more: Partial<NormVariables> = {}): void {
  const spec = normOf(batchNormStep('bn', 2), false);
  const value = spec.make(
    [[2, 0.5], [0.1, -0.2], [0.3, 1], [0.25, 4], [0]].map((values, i) => {
      return { shape: i < 4 ? [2] : [], values: Float32Array.from(values) };
    }),
  );
  tf.tidy(() => look({ ...value.batch!, ...more }));
  tf.dispose(spec.variables(value));
}

describe('BatchNorm of planned models', () => {
  before(() => selectBackend('graphnad'));

  it('is (x - mean) / sqrt(variance + epsilon) gamma + beta with frozen statistics', () => {
    withNorm(
      (norm) => {
        const expected = rows.flatMap(([a, b]) => [
          ((a - 0.3) / Math.sqrt(0.35)) * 2 + 0.1,
          (b - 1) / Math.sqrt(4.1) / 2 - 0.2,
        ]);
        assertClose(frozenBatchNorm(tf.tensor2d(rows), norm).dataSync(), expected, 'frozen');
      },
      { epsilon: 0.1 },
    );
  });

  it('is what the fused operation computes before its ReLU, statistics included', () => {
    withNorm((norm) => {
      const x = tf.tensor2d(rows);
      const { output, batch } = trainingBatchNorm(x, norm, multiplicity);
      const fused = batchNormRelu(x, norm, { multiplicity });
      assertClose(tf.relu(output).dataSync(), fused.output.dataSync(), 'output');
      assertClose(batch.mean, fused.batch.mean, 'mean');
      assertClose(batch.variance, fused.batch.variance, 'variance');
    });
  });

  it('has no variance of a single node or graph', () => {
    for (const [ofGraphs, what] of [
      [false, /at least 2 nodes/],
      [true, /at least 2 graphs/],
    ] as const) {
      withNorm((norm) => assert.throws(() => trainingBatchNorm(tf.zeros([1, 2]), norm, Float32Array.of(1)), what), {
        ofGraphs,
      });
    }
  });
});

describe('LayerNorm of planned models', () => {
  it('leaves each node with mean 0 and variance 1', async () => {
    await selectBackend('graphnad');
    const spec = normOf({ step: 'norm', kind: 'layer', width: 2 }, false);
    const value = spec.make([]);
    tf.tidy(() => {
      const step = { step: 'norm', kind: 'layer', width: 2 } as const;
      const normal = normalise(tf.tensor2d(rows), step, value, () => {
        throw new assert.AssertionError({ message: 'LayerNorm knows no graphs' });
      });
      assertClose(normal.dataSync(), [1, -1, 1, -1, -1, 1], 'rows');
    });
    tf.dispose(spec.variables(value));
  });
});
