import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { DType } from '../../../server/src/checkpoint/checkpoint';
import type { NewTensor } from '../../../server/src/checkpoint/createCheckpoint';
import { createPyTorchCheckpoint, createSafetensors } from '../../../server/src/checkpoint/createCheckpoint';
import { inspectCode } from '../../../server/src/checkpoint/inspectCode';
import { readCheckpoint } from '../../../server/src/checkpoint/readCheckpoint';
import { elementCount } from '../../../server/src/checkpoint/stridedView';

const dtypes: readonly DType[] = [
  ...(['float64', 'float32', 'float16', 'bfloat16', 'int64', 'int32', 'int16', 'int8', 'uint8', 'bool'] as const),
];

/** Values 0 and 1 fit all types. */
const tensors = fc
  .uniqueArray(
    fc.record({
      name: fc.oneof(
        fc.string({ maxLength: 20 }),
        fc.constantFrom('convs.0.nn.0.weight', '0', '__proto__', '\u00fc.\u4e2d'),
      ),
      dtype: fc.constantFrom(...dtypes),
      shape: fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 3 }),
    }),
    { selector: ({ name }) => name, maxLength: 6 },
  )
  .map((described) =>
    described.map(({ name, dtype, shape }, i): NewTensor => ({
      name,
      dtype,
      shape,
      values: Array.from({ length: elementCount(shape) }, (_, j) => (i + j) % 2),
    })),
  );

const byName = (list: readonly NewTensor[]) => [...list].sort((a, b) => (a.name < b.name ? -1 : 1));

function read(bytes: Uint8Array): NewTensor[] {
  return [...readCheckpoint(bytes, 'f').tensors.values()].map((tensor) => ({
    name: tensor.name,
    dtype: tensor.dtype,
    shape: tensor.shape,
    values: [...tensor.values()],
  }));
}

describe('createPyTorchCheckpoint', () => {
  it('writes what the reader reads, in order, with nothing but known callables', () => {
    fc.assert(
      fc.property(tensors, (list) => {
        fc.pre(list.length > 0);
        const bytes = createPyTorchCheckpoint(list);
        assert.deepEqual(read(bytes), list);
        const { globals, anomalies } = inspectCode(bytes, 'f');
        assert.deepEqual(anomalies, []);
        const names = new Set(globals.map(({ name }) => name).filter((name) => !name.endsWith('Storage')));
        assert.deepEqual([...names].sort(), ['OrderedDict', '_rebuild_tensor_v2']);
      }),
      { seed: 6, numRuns: 200 },
    );
  });

  it('gives the same bytes again', () => {
    const list: NewTensor[] = [{ name: 'w', dtype: 'float32', shape: [300], values: new Float32Array(300) }];
    assert.deepEqual(createPyTorchCheckpoint(list), createPyTorchCheckpoint(list));
  });

  it('refuses tensors that contradict themselves', () => {
    const tensor: NewTensor = { name: 'w', dtype: 'int8', shape: [2], values: [1, 2] };
    assert.throws(() => createPyTorchCheckpoint([tensor, tensor]), /two of this name/);
    assert.throws(() => createPyTorchCheckpoint([{ ...tensor, shape: [3] }]), /2 values for shape \[3\]/);
    assert.throws(() => createPyTorchCheckpoint([{ ...tensor, values: [1, 300] }]), /300 does not fit into int8/);
  });
});

describe('createSafetensors', () => {
  it('writes what the reader reads', () => {
    fc.assert(
      fc.property(tensors, (list) => {
        assert.deepEqual(byName(read(createSafetensors(list))), byName(list));
      }),
      { seed: 7, numRuns: 200 },
    );
  });

  it('keeps metadata, and aligns data to 8 bytes', () => {
    const bytes = createSafetensors([{ name: 'b', dtype: 'bool', shape: [1], values: [1] }], { format: 'pt' });
    assert.deepEqual(readCheckpoint(bytes, 'f').metadata, { format: 'pt' });
    assert.equal(new DataView(bytes.buffer).getBigUint64(0, true) % 8n, 0n);
  });

  it('refuses the name that the format keeps for itself', () => {
    const tensor: NewTensor = { name: '__metadata__', dtype: 'int8', shape: [], values: [1] };
    assert.throws(() => createSafetensors([tensor]), RangeError);
  });
});
