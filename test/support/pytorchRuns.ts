import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs-core';
import type { GraphBatch } from '../../server/src/graph/batch';
import { unfolded } from '../../server/src/graph/fold';
import type { ForwardOptions } from '../../server/src/gnn/forward';
import type { GraphModel } from '../../server/src/gnn/graphModel';
import { softmaxCrossEntropy } from '../../server/src/tensor/crossEntropy';
import { assertClose } from '../unit/defense/assertClose';
import type { ExpectedRun } from './pytorchModels';

/** Logits, gradients by tensor name, and statistics of BatchNorm afterwards. */
function runOf(model: GraphModel, batch: GraphBatch, options: ForwardOptions): ExpectedRun {
  const variables = model.trainable();
  const [logits, grads] = tf.tidy(() => {
    let values = new Float32Array();
    const { grads } = tf.variableGrads(() => {
      const { logits } = model.forward(batch, options);
      values = logits.dataSync<'float32'>().slice();
      return softmaxCrossEntropy(logits, batch.classLabels);
    }, variables);
    return [values, variables.map(({ name }) => grads[name].dataSync<'float32'>().slice())] as const;
  });
  const running = Object.fromEntries([...model.exportTensors()].filter(([name]) => name.includes('.running_')));
  // A model whose weights are the gradients puts them in PyTorch's orientation.
  const carrier = model.clone();
  carrier.trainable().forEach((variable, i) => tf.tidy(() => variable.assign(tf.tensor(grads[i], variable.shape))));
  const gradients = Object.fromEntries(carrier.exportTensors());
  carrier.dispose();
  const plain = (named: Record<string, Float32Array>): Record<string, number[]> =>
    Object.fromEntries(Object.entries(named).map(([name, values]) => [name, [...values]]));
  return { logits: [...logits], gradients: plain(gradients), running: plain(running) };
}

/** Gradients and statistics may differ by 1e-4 of the tensor's largest value, or of a hundredth of the model's largest. */
function assertSameRun(actual: ExpectedRun, expected: ExpectedRun): void {
  assertClose(actual.logits, expected.logits, 'logits');
  for (const part of ['gradients', 'running'] as const) {
    const largest = Math.max(...Object.values(expected[part]).flat().map(Math.abs));
    for (const [name, values] of Object.entries(expected[part])) {
      // A number that is not trained here has no gradient.
      if (!name.endsWith('eps')) assertClose([...actual[part][name], largest / 100], [...values, largest / 100], name);
    }
  }
}

/** Asserts that a model runs as PyTorch's does, frozen and in training, folded or not, and leaves no tensor behind. */
export function assertRuns(
  build: () => GraphModel,
  batch: GraphBatch,
  { frozen, training }: { readonly frozen: ExpectedRun; readonly training: ExpectedRun },
): void {
  const before = tf.memory().numTensors;
  const model = build();
  assertSameRun(runOf(model, batch, {}), frozen);
  for (const options of [{}, { folding: unfolded(batch) }]) {
    const copy = model.clone();
    assertSameRun(runOf(copy, batch, { ...options, training: true }), training);
    copy.dispose();
  }
  model.dispose();
  assert.equal(tf.memory().numTensors, before);
}
