import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs-core';
import { selectBackend } from '../../../../server/src/tensor/backend';
import { engineInUse, type GraphnadBackend } from '../../../../server/src/tensor/engine/graphnadBackend';

describe('GraphnadBackend', () => {
  let engine: GraphnadBackend;
  before(async () => {
    await selectBackend('graphnad');
    engine = engineInUse() as GraphnadBackend;
  });

  it('is there only while it is the backend in use', async () => {
    await selectBackend('cpu');
    assert.equal(engineInUse(), undefined);
    await selectBackend('graphnad');
    assert.equal(engineInUse(), engine);
  });

  it('keeps numbers in its memory and gives places back when tensors are disposed', () => {
    const before = engine.memoryPool.bytesInUse;
    const tensors = [
      tf.tensor1d([1.5, 2]),
      tf.tensor1d([3, 4], 'int32'),
      tf.tensor1d([true, false], 'bool'),
      tf.zeros([0]),
    ];
    assert.deepEqual(
      tensors.map((tensor) => [...tensor.dataSync()]),
      [[1.5, 2], [3, 4], [1, 0], []],
    );
    assert.equal(engine.memory().numBytesInEngine, engine.memoryPool.bytesInUse);
    assert.ok(engine.memoryPool.bytesInUse > before);
    const clone = tensors[0].clone();
    tf.dispose(tensors);
    assert.deepEqual([...clone.dataSync()], [1.5, 2], 'a clone keeps the values');
    clone.dispose();
    assert.equal(engine.memoryPool.bytesInUse, before);
  });

  it('hands out copies: what was read does not change when its place is used again', () => {
    const tensor = tf.tensor1d([1, 2, 3]);
    const read = tensor.dataSync();
    tensor.dispose();
    tf.tidy(() => tf.tensor1d([7, 8, 9]));
    assert.deepEqual([...read], [1, 2, 3]);
  });

  it('leaves strings and complex numbers with JavaScript', () => {
    tf.tidy(() => {
      assert.deepEqual(tf.tensor1d(['a', 'b']).dataSync<'string'>(), ['a', 'b']);
      assert.deepEqual([...tf.complex([1, 2], [3, 4]).dataSync()], [1, 3, 2, 4]);
      assert.throws(() => engine.address(tf.tensor1d(['a'])), /string tensor has no place/);
    });
  });

  it('brings tensors over from another backend', async () => {
    await selectBackend('cpu');
    const tensor = tf.tensor1d([1, -2]);
    await selectBackend('graphnad');
    assert.deepEqual([...tf.abs(tensor).dataSync()], [1, 2]);
    tensor.dispose();
  });

  it('gives places of a workspace back even when the operation fails', () => {
    const before = engine.memoryPool.bytesInUse;
    assert.throws(
      () =>
        engine.withWorkspace((workspace) => {
          workspace.room(100);
          workspace.copy(Int32Array.of(1, 2));
          assert.equal(workspace.copy(undefined), 0);
          throw new Error('no');
        }),
      /no/,
    );
    assert.equal(engine.memoryPool.bytesInUse, before);
  });
});
