import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { symlinkSync } from 'node:fs';
import { CheckpointError } from '../../../server/src/checkpoint/checkpoint';
import { FileSource } from '../../../server/src/jobs/fileSource';
import { readModelFile } from '../../../server/src/jobs/loadModel';
import { useTmpFolder } from '../../support/tmpFolder';

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

  // Windows has neither in its file system.
  if (process.platform !== 'win32') {
    it('neither waits for a pipe nor reads a device that has no end', async () => {
      execFileSync('mkfifo', [at('pipe.pt')]);
      symlinkSync('/dev/zero', at('zeros.pt'));
      await refused('pipe.pt', /^this is no regular file$/);
      await refused('zeros.pt', /^this is no regular file$/);
    });
  }
});
