import assert from 'node:assert/strict';
import { CheckpointError } from '../../../../server/src/checkpoint/checkpoint';
import { pytorchLegacy } from '../../../../server/src/checkpoint/pytorch/pytorchLegacy';
import { readCheckpoint } from '../../../../server/src/checkpoint/readCheckpoint';
import {
  assertHolds,
  assertRewrites,
  assertStandsDamage,
  isRecognised,
  openAs,
  rewriteAs,
  Samples,
} from '../formatSamples';
import { CountedSource } from '../sampleSource';

const samples = new Samples('pytorch');
const files = Object.keys(samples.expected).filter((name) => name.startsWith('legacy-'));

describe('pytorchLegacy', () => {
  for (const name of files) {
    it(`reads ${name} as PyTorch does, by ranges too`, () => {
      const bytes = samples.bytes(name);
      assert.ok(isRecognised(pytorchLegacy, bytes));
      for (const source of [bytes, new CountedSource(bytes)]) {
        assertHolds(openAs(pytorchLegacy, source), samples.expected[name]);
      }
    });

    it(`rewrites ${name} in place`, () => {
      const bytes = samples.bytes(name);
      const before = openAs(pytorchLegacy, bytes);
      const all = new Map([...before.tensors].map(([key, tensor]) => [key, tensor.values()]));
      assert.deepEqual(rewriteAs(pytorchLegacy, bytes, all).bytes, bytes);
      assert.equal(assertRewrites(pytorchLegacy, bytes).written.length, bytes.length);
    });
  }

  it('finds the wrapper, plain data and callables', () => {
    const opened = openAs(pytorchLegacy, samples.bytes('legacy-wrapped.pt'));
    assert.equal(opened.wrapper, 'state_dict');
    assert.deepEqual(opened.extras.plain, { epoch: '7', args: '{"lr":0.5}' });
    assert.ok(opened.globals.some(({ module, name }) => `${module}.${name}` === 'torch._utils._rebuild_tensor_v2'));
  });

  it('keeps storages that are parts of others together', () => {
    const bytes = samples.bytes('legacy-views.pt');
    const { tensors } = openAs(pytorchLegacy, bytes);
    assert.equal(tensors.get('part')?.storage, tensors.get('whole')?.storage);
    assert.throws(() => rewriteAs(pytorchLegacy, bytes, new Map([['part', [9, 9, 9, 9]]])), /shares elements/);
  });

  it('reads no tensor data before somebody asks for values', () => {
    const small = samples.bytes('legacy-wrapped.pt');
    // Its last storage is that of lin.bias; the file goes on with bytes of no storage.
    const source = new CountedSource(Buffer.concat([small, Buffer.alloc(1 << 22)]));
    openAs(pytorchLegacy, source);
    assert.ok(source.asked < 100_000, `${source.asked} bytes were read`);
  });

  it('says what is damaged', () => {
    const bytes = samples.bytes('legacy-wrapped.pt');
    const refused = (changed: Uint8Array, reason: RegExp) =>
      assert.throws(
        () => readCheckpoint(changed, 'f'),
        (error) => error instanceof CheckpointError && reason.test(error.message),
      );
    refused(bytes.subarray(0, 300), /the pickle cannot be followed/);
    refused(bytes.subarray(0, bytes.length - 1), /should follow where \d+ do/);
    const otherVersion = Uint8Array.from(bytes);
    otherVersion[18]++;
    refused(otherVersion, /version of the legacy PyTorch format/);
  });

  it('stands damage at every place', () => {
    assertStandsDamage(pytorchLegacy, samples.bytes('legacy-views.pt'));
    assertStandsDamage(pytorchLegacy, samples.bytes('legacy-types.pt'));
  });
});
