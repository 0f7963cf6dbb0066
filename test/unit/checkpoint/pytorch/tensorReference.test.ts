import assert from 'node:assert/strict';
import type { PickleValue } from '../../../../server/src/checkpoint/pickle/values';
import {
  GlobalReference,
  PersistentReference,
  PickleObject,
  PickleTuple,
} from '../../../../server/src/checkpoint/pickle/values';
import { UnreadTensor, asTensor } from '../../../../server/src/checkpoint/pytorch/tensorReference';

const global = (module: string, name: string) => new GlobalReference(module, name, 0);
const call = (path: string, ...args: PickleValue[]) => {
  const dot = path.lastIndexOf('.');
  return new PickleObject(global(path.slice(0, dot), path.slice(dot + 1)), args);
};
const storage = (type = 'FloatStorage', ...rest: PickleValue[]) =>
  new PersistentReference(
    new PickleTuple(['storage', global('torch', type), ...(rest.length > 0 ? rest : ['7', 'cpu', 6])]),
  );
const two = new PickleTuple([2, 3]);
const rebuilt = (...args: PickleValue[]) => call('torch._utils._rebuild_tensor_v2', ...args);

describe('asTensor', () => {
  const expected = {
    storage: { key: '7', dtype: 'float32', byteLength: 24 },
    ...{ dtype: 'float32', offset: 0, shape: [2, 3], stride: [2, 3] },
  };

  it('recognises tensors by the functions that rebuild them', () => {
    const tensor = rebuilt(storage(), 0, two, two, false, null);
    assert.deepEqual(asTensor(tensor), expected);
    assert.deepEqual(asTensor(call('torch._utils._rebuild_tensor', storage(), 0, two, two)), expected);
    assert.deepEqual(asTensor(call('torch._utils._rebuild_parameter', tensor, true, null)), expected);
    assert.deepEqual(asTensor(call('torch._utils._rebuild_parameter_with_state', tensor, true, null, null)), expected);
    const typed = call(
      'torch._tensor._rebuild_from_type_v2',
      global('torch._utils', '_rebuild_tensor_v2'),
      global('torch', 'Tensor'),
      new PickleTuple(tensor.args),
      null,
    );
    assert.deepEqual(asTensor(typed), expected);
    assert.deepEqual(asTensor(rebuilt(storage(), 0, call('torch.Size', two), two)), expected);
  });

  it('takes the element type of version 3 from its arguments', () => {
    const tensor = call(
      'torch._utils._rebuild_tensor_v3',
      storage('UntypedStorage', 0, 'cpu', 24),
      0,
      two,
      two,
      false,
      null,
      global('torch', 'float16'),
    );
    assert.deepEqual(asTensor(tensor), {
      ...expected,
      storage: { key: '0', dtype: 'uint8', byteLength: 24 },
      dtype: 'float16',
    });
    const unknown = call(
      'torch._utils._rebuild_tensor_v3',
      storage('UntypedStorage', 0, 'cpu', 24),
      0,
      two,
      two,
      false,
      null,
      global('torch', 'uint16'),
    );
    assert.match((asTensor(unknown) as UnreadTensor).reason, /element type uint16/);
  });

  it('says why a tensor is not read', () => {
    const reasons: readonly (readonly [PickleValue, RegExp])[] = [
      [call('torch._utils._rebuild_qtensor'), /quantised/],
      [call('torch._utils._rebuild_sparse_tensor'), /sparse/],
      [rebuilt(storage('QInt8Storage'), 0, two, two), /QInt8Storage is not read/],
      [rebuilt(storage('toString'), 0, two, two), /toString is not read/],
      [rebuilt(null, 0, two, two), /not one of the archive/],
      [rebuilt(new PersistentReference('x'), 0, two, two), /not one of the archive/],
      [rebuilt(storage('FloatStorage', null, 'cpu', 6), 0, two, two), /not one of the archive/],
      [rebuilt(storage(), null, two, two), /not given in numbers/],
      [rebuilt(storage(), 0, new PickleTuple(['2']), two), /not given in numbers/],
      [rebuilt(), /not one of the archive/],
    ];
    for (const [value, reason] of reasons) {
      const tensor = asTensor(value);
      assert.ok(tensor instanceof UnreadTensor);
      assert.match(tensor.reason, reason);
    }
  });

  it('takes nothing else for a tensor', () => {
    for (const value of [null, 1, 'x', two, call('os.system', 'id'), new PickleObject(call('m.f'), []), undefined]) {
      assert.equal(asTensor(value), undefined);
    }
    let wrapped: PickleValue = null;
    for (let i = 0; i < 100; i++) wrapped = call('torch.nn.parameter.Parameter', wrapped);
    assert.equal(asTensor(wrapped), undefined);
  });
});
