import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs-core';
import { modelKinds, readouts } from '../../../protocol/model';
import { collate, type GraphBatch } from '../../../server/src/graph/batch';
import { unfolded } from '../../../server/src/graph/fold';
import { Rng } from '../../../server/src/graph/rng';
import type { ForwardOptions } from '../../../server/src/gnn/forward';
import { GraphModel } from '../../../server/src/gnn/graphModel';
import { recogniseArchitecture } from '../../../server/src/gnn/recognise';
import { selectBackend } from '../../../server/src/tensor/backend';
import { softmaxCrossEntropy } from '../../../server/src/tensor/crossEntropy';
import { testedBackends } from '../../support/backends';
import {
  pytorchGraphs,
  pytorchLayout,
  pytorchModels,
  pytorchTensors,
  type ExpectedRun,
} from '../../support/pytorchModels';
import { assertClose } from '../defense/assertClose';

/** Logits, gradients by tensor name, and statistics of BatchNorm afterwards. */
function run(model: GraphModel, batch: GraphBatch, options: ForwardOptions): ExpectedRun {
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
      if (!name.endsWith('.eps')) assertClose([...actual[part][name], largest / 100], [...values, largest / 100], name);
    }
  }
}

describe('models of PyTorch Geometric', () => {
  it('are of every kind and readout, with and without BatchNorm', () => {
    const architectures = pytorchModels.map(({ architecture }) => architecture);
    for (const kind of modelKinds) {
      const norms = architectures.filter((each) => each.kind === kind).map(({ batchNorm }) => batchNorm);
      assert.deepEqual(norms.sort(), [false, true], kind);
    }
    assert.deepEqual(new Set(architectures.map(({ readout }) => readout)), new Set(readouts));
  });

  for (const backend of testedBackends) {
    describe(`on ${backend}`, () => {
      before(() => selectBackend(backend));
      after(() => selectBackend('graphnad'));

      for (const { file, architecture, frozen, training } of pytorchModels) {
        it(`${file}: recognised, and the same logits, gradients and statistics`, () => {
          const before = tf.memory().numTensors;
          const tensors = pytorchTensors(file);
          const recognition = recogniseArchitecture(tensors, { readout: architecture.readout });
          const { eps, ...found } = recognition.architecture;
          assert.deepEqual(found, architecture);
          assert.equal(eps === undefined, architecture.kind !== 'gin');
          const model = GraphModel.fromCheckpoint(tensors, recognition);
          const batch = collate(pytorchGraphs, pytorchLayout);
          assertSameRun(run(model, batch, {}), frozen);
          for (const options of [{}, { folding: unfolded(batch) }]) {
            const copy = model.clone();
            assertSameRun(run(copy, batch, { ...options, training: true }), training);
            copy.dispose();
          }
          model.dispose();
          assert.equal(tf.memory().numTensors, before);
        });
      }
    });
  }

  for (const { file, architecture } of pytorchModels) {
    it(`${file}: a fresh model has its tensor names and shapes`, () => {
      const fresh = GraphModel.random(architecture, new Rng(1));
      const described = (entries: Iterable<{ name: string; dtype: string; shape: readonly number[] }>): string[] =>
        Array.from(entries, ({ name, dtype, shape }) => `${name} ${dtype} [${shape.join(', ')}]`).sort();
      assert.deepEqual(described(fresh.stateDict()), described(pytorchTensors(file).values()));
      fresh.dispose();
    });
  }
});
