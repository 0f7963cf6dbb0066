import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs-core';
import type { NormStep } from '../../../../server/src/gnn/plan/modelPlan';
import {
  biasOf,
  combined,
  keptOf,
  linearOf,
  mapped,
  normOf,
  nothing,
  optional,
} from '../../../../server/src/gnn/plan/planParameters';
import type { ParameterSpec, TensorValues } from '../../../../server/src/gnn/parameters';
import { selectBackend } from '../../../../server/src/tensor/backend';
import { batchNormStep, linearTensors } from '../../../support/usualPlans';

/** Numbers that differ from tensor to tensor and from place to place. */
function numbered<P>(spec: ParameterSpec<P>): TensorValues[] {
  let next = 1;
  return spec.tensors.map(({ shape, dtype }) => {
    const length = shape.reduce((a, b) => a * b, 1);
    return { shape, values: Float32Array.from({ length }, () => (dtype === 'int64' ? 0 : next++)) };
  });
}

/** What is made of tensors is read back as they were. */
function assertReadsBack<P>(spec: ParameterSpec<P>, values = numbered(spec)): void {
  const value = spec.make(values);
  assert.deepEqual(spec.read(value), values);
  tf.dispose(spec.variables(value));
}

const layer = linearTensors('lin', 3, 2);

describe('parameters of planned models', () => {
  before(() => selectBackend('cpu'));

  it('are read back as they were made', () => {
    assertReadsBack(linearOf(layer));
    assertReadsBack(linearOf({ ...layer, transposed: true }));
    assertReadsBack(linearOf({ ...layer, bias: undefined }));
    assertReadsBack(biasOf('bias', 4));
    assertReadsBack(keptOf({ name: 'eps', shape: [3] }));
    assertReadsBack(normOf(batchNormStep('bn', 2), false));
    assertReadsBack(normOf({ ...batchNormStep('bn', 2), counter: undefined }, false));
    const norm: NormStep = { step: 'norm', kind: 'graph', width: 2, scale: 'w', shift: 'b', meanScale: 'm' };
    assertReadsBack(normOf(norm, false));
    const parts = {
      a: linearOf(layer),
      b: optional(undefined, linearOf),
      c: optional('bias', (name) => biasOf(name, 2)),
    };
    assertReadsBack(combined(parts));
  });

  it('have weights in the orientation of the checkpoint', () => {
    const values = Float32Array.of(1, 2, 3, 4, 5, 6);
    const bias = { shape: [2], values: Float32Array.of(7, 8) };
    const upright = linearOf(layer).make([{ shape: [2, 3], values }, bias]);
    assert.deepEqual([...upright.weight.dataSync()], [1, 4, 2, 5, 3, 6]);
    const turned = linearOf({ ...layer, transposed: true }).make([{ shape: [3, 2], values }, bias]);
    assert.deepEqual([...turned.weight.dataSync()], [1, 2, 3, 4, 5, 6]);
    assert.deepEqual(turned.weight.shape, [3, 2]);
    tf.dispose([upright.weight, upright.bias, turned.weight, turned.bias]);
  });

  it('stay equal under all names that a checkpoint has for them', () => {
    const spec = linearOf({ ...layer, copies: [{ weight: 'copy.weight' }] });
    assert.deepEqual(
      spec.tensors.map(({ name }) => name),
      ['lin.weight', 'lin.bias', 'copy.weight'],
    );
    const value = spec.make(numbered(spec));
    tf.tidy(() => value.weight.assign(tf.fill(value.weight.shape, 5)));
    const [own, , copy] = spec.read(value);
    assert.deepEqual(copy, own);
    assert.equal(spec.variables(value).length, 2);
    tf.dispose(spec.variables(value));
  });

  it('are trained only where the checkpoint has them', () => {
    const plain = linearOf({ ...layer, bias: undefined });
    const value = plain.make(numbered(plain));
    assert.deepEqual(
      plain.variables(value).map(({ trainable }) => trainable),
      [true, false],
    );
    assert.deepEqual([...value.bias.dataSync()], [0, 0]);
    const norm = normOf({ ...batchNormStep('bn', 2), scale: undefined, shift: undefined }, false);
    const made = norm.make(numbered(norm));
    assert.deepEqual([...made.gamma.dataSync(), ...made.beta.dataSync()], [1, 1, 0, 0]);
    assert.ok(norm.variables(made).every(({ trainable }) => !trainable));
    tf.dispose([plain.variables(value), norm.variables(made)]);
  });

  it('tell BatchNorms of nodes and of graphs apart, and have no other norms', () => {
    for (const ofGraphs of [false, true]) {
      const spec = normOf({ ...batchNormStep('bn', 2), epsilon: 0.001 }, ofGraphs);
      const value = spec.make(numbered(spec));
      const [norm] = spec.norms!(value);
      assert.equal(norm.ofGraphs, ofGraphs);
      assert.equal(norm.epsilon, 0.001);
      tf.dispose(spec.variables(value));
    }
    const layerNorm = normOf({ step: 'norm', kind: 'layer', width: 2 }, false);
    const value = layerNorm.make([]);
    assert.deepEqual(layerNorm.norms!(value), []);
    tf.dispose(layerNorm.variables(value));
    assert.throws(() => normOf({ step: 'norm', kind: 'batch', width: 2 }, false), /without running statistics/);
  });

  it('can be of another form, or nothing', () => {
    const spec = mapped(biasOf('bias', 1), (bias) => ({ bias }), ({ bias }) => bias); // prettier-ignore
    assertReadsBack(spec);
    assert.equal(nothing.make([]), undefined);
    assert.deepEqual(optional(undefined, linearOf).tensors, []);
  });
});
