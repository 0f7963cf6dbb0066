import assert from 'node:assert/strict';
import { CheckpointError } from '../../../../server/src/checkpoint/checkpoint';
import { pytorchTar } from '../../../../server/src/checkpoint/pytorch/pytorchTar';
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
const bytes = samples.bytes('tar.pt');

describe('pytorchTar', () => {
  it('reads what PyTorch 0.1.9 wrote, by ranges too', () => {
    assert.ok(isRecognised(pytorchTar, bytes));
    for (const source of [bytes, new CountedSource(bytes)]) {
      const opened = openAs(pytorchTar, source);
      assertHolds(opened, samples.expected['tar.pt']);
      assert.deepEqual([opened.wrapper, opened.extras.plain], ['model', { epoch: '2' }]);
      assert.equal(opened.tensors.get('part')?.storage, opened.tensors.get('weight')?.storage);
    }
  });

  it('is rewritten in place', () => {
    const before = openAs(pytorchTar, bytes);
    const all = new Map([...before.tensors].map(([key, tensor]) => [key, tensor.values()]));
    assert.deepEqual(rewriteAs(pytorchTar, bytes, all).bytes, bytes);
    assert.equal(assertRewrites(pytorchTar, bytes).written.length, bytes.length);
  });

  it('refuses archives without its members, or with one twice', () => {
    const refused = (changed: Uint8Array, reason: RegExp) =>
      assert.throws(
        () => openAs(pytorchTar, changed),
        (error) => error instanceof CheckpointError && reason.test(error.message),
      );
    refused(bytes.subarray(0, 1024), /storages\): the tar archive has no such member/);
    const end = lastMemberEnd();
    refused(Buffer.concat([bytes.subarray(0, end), bytes.subarray(0, end)]), /two members of this name/);
  });

  it('stands damage at every place', () => {
    assertStandsDamage(pytorchTar, bytes.subarray(0, lastMemberEnd()), 3);
  });
});

/** Where the blocks of zeros begin that end the archive. */
function lastMemberEnd(): number {
  let at = 0;
  while (bytes[at] !== 0) {
    const size = parseInt(Buffer.from(bytes.subarray(at + 124, at + 136)).toString('latin1'), 8);
    at += 512 + Math.ceil(size / 512) * 512;
  }
  return at;
}
