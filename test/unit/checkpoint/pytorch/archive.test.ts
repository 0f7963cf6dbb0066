import assert from 'node:assert/strict';
import { CheckpointError } from '../../../../server/src/checkpoint/checkpoint';
import { archivePickle, openPyTorchArchive } from '../../../../server/src/checkpoint/pytorch/archive';
import { readCheckpoint } from '../../../../server/src/checkpoint/readCheckpoint';
import { rewriteCheckpoint } from '../../../../server/src/checkpoint/rewriteCheckpoint';
import { readZip } from '../../../../server/src/checkpoint/zip/readZip';
import type { NewZipEntry } from '../../../../server/src/checkpoint/zip/writeZip';
import { writeZip } from '../../../../server/src/checkpoint/zip/writeZip';
import { fixture } from '../fixtureFiles';

/** The views fixture, with each entry changed, or left out where `change` gives nothing. */
function altered(change: (name: string, data: Uint8Array) => Uint8Array | undefined): Uint8Array {
  const entries: NewZipEntry[] = [];
  for (const { name, data } of readZip(fixture('views.pt'), 'f').entries) {
    const changed = change(name.slice('views/'.length), data);
    if (changed !== undefined) entries.push({ name, data: changed });
  }
  return writeZip(entries);
}

function assertRefused(bytes: Uint8Array, reason: RegExp): void {
  assert.throws(
    () => readCheckpoint(bytes, 'f'),
    (error) => error instanceof CheckpointError && reason.test(error.message),
  );
}

describe('openPyTorchArchive', () => {
  it('finds folder, globals and the storage of each tensor', () => {
    const archive = openPyTorchArchive(fixture('views.pt'), { file: 'f', isChecked: () => true });
    assert.equal(archive.folder, 'views');
    const { globals } = archivePickle(archive, 'data.pkl', 'f');
    assert.ok(globals.length > 0 && globals.every(({ entry }) => entry === 'views/data.pkl'));
    const { tensors } = readCheckpoint(fixture('views.pt'), 'f');
    assert.equal(tensors.get('matrix')?.storage, tensors.get('transposed')?.storage);
    assert.notEqual(tensors.get('matrix')?.storage, tensors.get('encoder.weight')?.storage);
  });

  it('lists tensors whose storages are missing or too short, and reads the others', () => {
    const missing = readCheckpoint(
      altered((name, data) => (name === 'data/0' ? undefined : data)),
      'f',
    );
    assert.match(missing.unread.get('matrix') ?? '', /^views\/data\/0: the zip archive has no such entry/);
    const short = readCheckpoint(
      altered((name, data) => (name === 'data/0' ? data.subarray(4) : data)),
      'f',
    );
    assert.equal(short.unread.get('matrix'), 'its storage has 92 bytes instead of 96');
    const names = [...readCheckpoint(fixture('views.pt'), 'f').tensors.keys()];
    for (const { tensors, unread } of [missing, short]) {
      assert.ok(tensors.size > 0 && unread.size > 0);
      assert.deepEqual([...tensors.keys(), ...unread.keys()].sort(), [...names].sort());
    }
  });

  it('refuses an unknown byte order', () => {
    assertRefused(
      altered((name, data) => (name === 'byteorder' ? Buffer.from('middle') : data)),
      /the byte order is "middle"/,
    );
  });

  it('takes archives without byte order for little-endian ones, as older PyTorch writes them', () => {
    const { tensors } = readCheckpoint(
      altered((name, data) => (name === 'byteorder' ? undefined : data)),
      'f',
    );
    assert.equal(tensors.get('matrix')?.view.littleEndian, true);
  });

  it('keeps the alignment that an archive asks for when it is rewritten', () => {
    const entries = readZip(fixture('views.pt'), 'f').entries.map(({ name, data }) => ({ name, data }));
    const asked = writeZip([...entries, { name: 'views/.storage_alignment', data: Buffer.from('4096') }]);
    const { bytes: rewritten } = rewriteCheckpoint(asked, 'f', new Map());
    const view = new DataView(rewritten.buffer);
    for (const { range, data } of readZip(rewritten, 'f').entries) {
      const start = range.end - data.length;
      assert.equal(start % 4096, 0);
      assert.equal(view.getUint32(range.start, true), 0x04034b50);
    }
  });
});
