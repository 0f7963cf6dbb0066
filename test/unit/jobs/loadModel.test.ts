import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { statSync, symlinkSync, truncateSync } from 'node:fs';
import { CheckpointError } from '../../../server/src/checkpoint/checkpoint';
import { FileSource } from '../../../server/src/jobs/fileSource';
import { readModelFile } from '../../../server/src/jobs/loadModel';
import { modelBytes } from '../../../server/src/jobs/modelBytes';
import { partsOf } from '../../../server/src/jobs/modelFiles';
import { useTmpFolder } from '../../support/tmpFolder';
import { Samples } from '../checkpoint/formatSamples';

describe('readModelFile', () => {
  const at = useTmpFolder();

  const refused = async (name: string, reason: RegExp): Promise<void> => {
    const isIt = (error: unknown) => error instanceof CheckpointError && reason.test(error.reason);
    await assert.rejects(readModelFile(at(name)), isIt);
    await assert.rejects(
      FileSource.with(at(name), () => undefined),
      isIt,
    );
  };

  it('says in plain words what cannot be read', async () => {
    await refused('missing.pt', /^there is no such file$/);
    await refused('.', /^this is a folder, not a file$/);
  });

  it('reads no more than 2 GiB at once, of all files together', async () => {
    Samples.copy('gin', at('.'));
    const index = at('model.safetensors.index.json');
    const bytes = await modelBytes(index);
    assert.ok(bytes > statSync(index).size);
    // Two holes of 1.2 GB, which take no place on the disk.
    for (const shard of await partsOf(index)) truncateSync(at(shard), 1.2e9);
    assert.ok((await modelBytes(index)) > 2.4e9);
    await assert.rejects(readModelFile(index), /larger than 2 GiB, with all of its files/);
  });

  // Windows has neither in its file system.
  if (process.platform !== 'win32') {
    it('neither waits for a pipe nor reads a device that has no end', async () => {
      execFileSync('sh', ['-c', 'mkfifo pipe.pt'], { cwd: at('.') });
      symlinkSync('/dev/zero', at('zeros.pt'));
      await refused('pipe.pt', /^this is no regular file$/);
      await refused('zeros.pt', /^this is no regular file$/);
    });
  }
});
