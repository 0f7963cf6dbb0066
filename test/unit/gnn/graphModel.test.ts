import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs-core';
import { collate } from '../../../server/src/graph/batch';
import { Rng } from '../../../server/src/graph/rng';
import { GraphModel } from '../../../server/src/gnn/graphModel';
import { recogniseArchitecture } from '../../../server/src/gnn/recognise';
import { selectBackend } from '../../../server/src/tensor/backend';
import { testedBackends } from '../../support/backends';
import { graphOf } from '../../support/graphs';
import { layerRows, nodeValues } from '../../support/layers';
import { flatten, numeric, numericBatch, numericLayout, numericTensors } from '../../support/numericFixture';
import { assertClose } from '../defense/assertClose';

function fixtureModel(): GraphModel {
  const tensors = numericTensors('student');
  return GraphModel.fromCheckpoint(tensors, recogniseArchitecture(tensors, { readout: 'sum' }));
}

/** Gradients of the mean cross-entropy on the fixture's graphs, by checkpoint tensor name and in PyTorch's orientation. */
function crossEntropyGradients(model: GraphModel, training: boolean): Map<string, Float32Array> {
  const batch = numericBatch();
  const variables = model.trainable();
  const targets = tf.oneHot(tf.tensor1d(batch.classLabels, 'int32'), 2);
  const { grads } = tf.variableGrads(() => {
    const { logits } = model.forward(batch, { training });
    return tf.neg(tf.mean(tf.sum(tf.mul(targets, tf.logSoftmax(logits)), 1)));
  }, variables);
  // A model whose weights are the gradients puts them in order.
  const carrier = model.clone();
  carrier.trainable().forEach((variable, i) => variable.assign(grads[variables[i].name]));
  const exported = carrier.exportTensors();
  carrier.dispose();
  return exported;
}

for (const backend of testedBackends) {
  describe(`GraphModel on ${backend}`, () => {
    before(() => selectBackend(backend));
    after(() => selectBackend('graphnad'));

    for (const mode of ['bn_eval', 'bn_train'] as const) {
      const training = mode === 'bn_train';
      const expected = numeric[mode];

      it(`has the logits, layer outputs and gradients of PyTorch in float64 (${mode})`, () => {
        const before = tf.memory().numTensors;
        const model = fixtureModel();
        tf.tidy(() => {
          const { logits, layers } = model.forward(numericBatch(), { training });
          assertClose(logits.dataSync(), expected.student_logits.flat(), 'logits');
          layers.forEach((layer, i) => assertClose(nodeValues(layer), expected.student_feats[i].flat(), `layer ${i}`));
          const gradients = crossEntropyGradients(model, training);
          for (const [name, gradient] of Object.entries(expected.grads_CE)) {
            assertClose(gradients.get(name) ?? [], flatten(gradient), name);
          }
        });
        model.dispose();
        assert.equal(tf.memory().numTensors, before);
      });
    }

    it('updates running statistics in training as PyTorch does, and leaves them alone otherwise', () => {
      const model = fixtureModel();
      const run = (training: boolean): void => {
        const { logits, layers } = model.forward(numericBatch(), { training });
        tf.dispose([logits, ...layerRows(layers)]);
      };
      const initial = model.exportTensors();
      run(false);
      assert.deepEqual(model.exportTensors(), initial);
      run(true);
      const updated = model.exportTensors();
      for (const [name, values] of Object.entries(numeric.bn_train.running_after_one_forward)) {
        assertClose(updated.get(name) ?? [], values, name);
      }
      model.dispose();
    });

    it('runs on graphs of a single node without edges', () => {
      const model = fixtureModel();
      tf.tidy(() => {
        const batch = collate([graphOf(1, { labels: [0] }), graphOf(1, { labels: [2] })], numericLayout);
        const { logits, layers } = model.forward(batch);
        assert.deepEqual(logits.shape, [2, 2]);
        assert.ok(logits.dataSync().every(Number.isFinite));
        assert.deepEqual(layers[2].rows.shape, [2, 4]);
        tf.dispose([logits, ...layerRows(layers)]);
      });
      model.dispose();
    });
  });
}

describe('GraphModel', () => {
  before(() => selectBackend('graphnad'));

  const architecture = {
    kind: 'gin',
    layers: 2,
    hidden: 5,
    inputs: 3,
    classes: 3,
    readout: 'mean',
    batchNorm: true,
    eps: [0.5, 0],
  } as const;

  it('has the gradients of its values, eps, mean readout and bounds included', () => {
    const model = GraphModel.random(architecture, new Rng(3));
    const batch = numericBatch();
    const limit = (width: number, value: number): Float32Array => new Float32Array(width).fill(value);
    const bounds = {
      layers: [
        { aggregated: limit(3, 1.7), hidden: limit(5, 0.6) },
        { aggregated: limit(5, 2), hidden: limit(5, 0.5), output: limit(5, 0.4) },
      ],
      contributions: { low: limit(3, -0.05), high: limit(3, 0.05) },
    };
    const variables = model.trainable();
    for (const options of [{}, { bounds }, { training: true }]) {
      tf.tidy(() => {
        const loss = (): tf.Scalar => tf.sum(tf.square(tf.sub(model.forward(batch, options).logits, 0.3)));
        const { grads } = tf.variableGrads(loss, variables);
        for (const variable of variables) {
          const gradient = grads[variable.name].dataSync<'float32'>();
          const direction = normalised(gradient);
          // A bias before a BatchNorm in training does nothing, so its gradient is zero.
          if (direction === undefined) continue;
          const step = 1e-3;
          const kept = variable.dataSync<'float32'>().slice();
          const at = (distance: number): number => {
            variable.assign(
              tf.tensor(
                kept.map((value, i) => value + distance * direction[i]),
                variable.shape,
              ),
            );
            return loss().dataSync()[0];
          };
          const difference = (at(step) - at(-step)) / (2 * step);
          at(0);
          const norm = Math.hypot(...gradient);
          assert.ok(Math.abs(difference - norm) < 0.02 * norm + 1e-4, `${difference} instead of ${norm}`);
        }
      });
    }
    model.dispose();
  });

  it('starts with the names, shapes and initial values of the usual PyTorch module', () => {
    const model = GraphModel.random(architecture, new Rng(1));
    const state = model.stateDict();
    assert.deepEqual(
      state.slice(0, 8).map(({ name, dtype, shape }) => [name, dtype, [...shape]]),
      [
        ['convs.0.eps', 'float32', [1]],
        ['convs.0.nn.0.weight', 'float32', [5, 3]],
        ['convs.0.nn.0.bias', 'float32', [5]],
        ['convs.0.nn.1.weight', 'float32', [5]],
        ['convs.0.nn.1.bias', 'float32', [5]],
        ['convs.0.nn.1.running_mean', 'float32', [5]],
        ['convs.0.nn.1.running_var', 'float32', [5]],
        ['convs.0.nn.1.num_batches_tracked', 'int64', []],
      ],
    );
    assert.deepEqual([...state[0].values], [0.5]);
    assert.equal(state.at(-1)?.name, 'lin.bias');
    const trained = state.filter(({ name }) => !/eps|num_batches/.test(name)).map(({ name }) => name);
    assert.deepEqual([...model.exportTensors().keys()], trained);
    model.dispose();
  });

  it('gives back every tensor of a checkpoint under its name, unchanged', () => {
    const model = fixtureModel();
    const exported = model.exportTensors();
    const tensors = numericTensors('student');
    for (const [name, tensor] of tensors) {
      if (name.endsWith('num_batches_tracked')) continue;
      assert.deepEqual([...(exported.get(name) ?? [])], [...tensor.values()].map(Math.fround), name);
    }
    model.dispose();
  });

  it('is the same model again after a round trip through its state dict', () => {
    const model = GraphModel.random({ ...architecture, readout: 'sum' }, new Rng(2));
    const tensors = new Map(
      model
        .stateDict()
        .map(({ name, dtype, shape, values }) => [
          name,
          { name, dtype, shape, values: () => Float64Array.from(values) },
        ]),
    );
    const recognition = recogniseArchitecture(tensors);
    assert.deepEqual(recognition.architecture, { ...architecture, readout: 'sum' });
    const again = GraphModel.fromCheckpoint(tensors, recognition);
    assert.deepEqual(again.stateDict(), model.stateDict());
    again.dispose();
    model.dispose();
  });

  it('is independent of its clone', () => {
    const before = tf.memory().numTensors;
    const model = fixtureModel();
    const copy = model.clone();
    assert.deepEqual(copy.stateDict(), model.stateDict());
    const { logits, layers } = copy.forward(numericBatch(), { training: true });
    tf.dispose([logits, ...layerRows(layers)]);
    for (const variable of copy.trainable()) tf.tidy(() => variable.assign(tf.zerosLike(variable)));
    assert.notDeepEqual(copy.stateDict(), model.stateDict());
    assert.deepEqual(fixtureState(), model.stateDict());
    model.dispose();
    copy.dispose();
    assert.equal(tf.memory().numTensors, before);
  });
});

function fixtureState(): ReturnType<GraphModel['stateDict']> {
  const model = fixtureModel();
  const state = model.stateDict();
  model.dispose();
  return state;
}

function normalised(values: Float32Array): Float32Array | undefined {
  const norm = Math.hypot(...values);
  return norm < 1e-5 ? undefined : values.map((value) => value / norm);
}
