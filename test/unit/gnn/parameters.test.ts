import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs-core';
import { Rng } from '../../../server/src/graph/rng';
import {
  bias,
  constant,
  headVectors,
  linear,
  matrix,
  type ParameterSpec,
  type TensorValues,
} from '../../../server/src/gnn/parameters';
import { selectBackend } from '../../../server/src/tensor/backend';

/** Values that count up, one tensor after the other. */
function counted(spec: ParameterSpec<unknown>): TensorValues[] {
  let next = 0;
  return spec.tensors.map(({ shape, dtype }) => {
    const length = shape.reduce((product, size) => product * size, 1);
    return { shape, values: Float32Array.from({ length }, () => (dtype === 'int64' ? 0 : next++)) };
  });
}

const named = { bias: 'b', norm: 'bn', outputs: 2 };

describe('parameters', () => {
  before(() => selectBackend('cpu'));

  it('give the same values back, and share none of them', () => {
    const before = tf.memory().numTensors;
    const specs: ParameterSpec<unknown>[] = [
      linear({ weights: ['w'], inputs: 3, ...named }),
      linear({ weights: ['l', 'r'], inputs: 3, ...named }),
      bias('b', 'bn', 3),
      matrix(['w'], 3, 2),
      headVectors('att', 2, 3),
    ];
    for (const spec of specs) {
      const values = counted(spec);
      const parameter = spec.make(values);
      const expected = counted(spec);
      for (const { values: own } of values) own.fill(-1);
      assert.deepEqual(spec.read(parameter), expected);
      tf.dispose(spec.variables(parameter));
    }
    assert.equal(tf.memory().numTensors, before);
  });

  it('put weights side by side, turned so that they multiply from the right', () => {
    const spec = linear({ weights: ['l', 'r'], bias: 'b', inputs: 2, outputs: 2 });
    assert.deepEqual(
      spec.tensors.map(({ name }) => name),
      ['l', 'r', 'b'],
    );
    const { weight, bias: added } = spec.make(counted(spec));
    assert.deepEqual(weight.arraySync(), [
      [0, 2],
      [1, 3],
      [4, 6],
      [5, 7],
    ]);
    tf.dispose([weight, added]);
  });

  it('keep one weight under several names', () => {
    const spec = matrix(['a', 'b'], 2, 2);
    const weight = spec.make(counted(spec));
    const [first, second] = spec.read(weight);
    assert.deepEqual(first, second);
    assert.deepEqual([...first.values], [0, 1, 2, 3]);
    weight.dispose();
  });

  it('are constants where nothing trains them', () => {
    const spec = constant({ name: 'eps', shape: [] }, 0.25);
    assert.equal(spec.make([]), 0.25);
    assert.deepEqual(spec.read(0.25), [{ shape: [], values: Float32Array.of(0.25) }]);
    assert.deepEqual([spec.tensors[0].trained, spec.variables(0.25), constant(undefined, 1).tensors], [false, [], []]);
  });

  for (const [what, spec, limit] of [
    [
      "PyTorch's linear layers: within 1 / sqrt(inputs)",
      linear({ weights: ['w'], bias: 'b', inputs: 25, outputs: 400 }),
      0.2,
    ],
    ["Glorot's: within sqrt(6 / (inputs + outputs))", matrix(['w'], 50, 100), 0.2],
    ['attention vectors: within sqrt(6 / (heads + width))', headVectors('att', 10, 140), 0.2],
  ] as const) {
    it(`start uniformly, ${what}`, () => {
      for (const { initial } of spec.tensors) {
        const values = initial(new Rng(1));
        const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
        const square = values.reduce((sum, value) => sum + value * value, 0) / values.length;
        assert.ok(values.every((value) => Math.abs(value) <= limit));
        assert.ok(Math.abs(mean) < 0.03);
        assert.ok(Math.abs(Math.sqrt(square) - limit / Math.sqrt(3)) < 0.01);
      }
    });
  }

  it('start BatchNorm as the identity, and what convolutions add as zero', () => {
    const initial = bias('b', 'bn', 2).tensors.map(({ initial: make }) => [...make(new Rng(1))]);
    assert.deepEqual(initial, [[0, 0], [1, 1], [0, 0], [0, 0], [1, 1], [0]]); // prettier-ignore
  });
});
