import assert from 'node:assert/strict';
import { truncateSync, writeFileSync } from 'node:fs';
import { CheckpointError } from '../../../server/src/checkpoint/checkpoint';
import { FileSource } from '../../../server/src/jobs/fileSource';
import { useTmpFolder } from '../../support/tmpFolder';

describe('FileSource', () => {
  const at = useTmpFolder();
  const content = Buffer.from(Uint8Array.from({ length: 50_000 }, (_, i) => (i * 31) >> 3));

  it('gives the bytes of any range, cut off at the end', async () => {
    writeFileSync(at('f'), content);
    await FileSource.with(at('f'), (source) => {
      assert.equal(source.length, content.length);
      for (const [start, end] of [
        [0, 0],
        [0, 10],
        [4090, 4100],
        [4096, 8192],
        [1, 16_385],
        [100, 40_000],
        [49_990, 60_000],
        [60_000, 60_001],
        [0, 50_000],
      ]) {
        assert.deepEqual(Buffer.from(source.subarray(start, end)), content.subarray(start, end), `${start} to ${end}`);
      }
    });
  });

  it('has another version when the file was changed', async () => {
    const version = () => FileSource.with(at('f'), (source) => source.version);
    writeFileSync(at('f'), content);
    const before = await version();
    assert.equal(await version(), before);
    writeFileSync(at('f'), Buffer.from(content).reverse());
    assert.notEqual(await version(), before);
  });

  it('says in plain words what cannot be read', async () => {
    const open = (file: string) => FileSource.with(file, (source) => source.length);
    await assert.rejects(
      open(at('missing')),
      (error) => error instanceof CheckpointError && /no such file/.test(error.reason),
    );
    await assert.rejects(open(at()), /this is a folder/);
    if (process.platform !== 'win32') await assert.rejects(open('/dev/null'), /no regular file/);
    writeFileSync(at('f'), content);
    await assert.rejects(
      FileSource.with(at('f'), (source) => {
        truncateSync(at('f'), 10);
        return source.subarray(20_000, 45_000);
      }),
      /became shorter while it was read/,
    );
  });
});
