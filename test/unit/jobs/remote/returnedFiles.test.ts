import assert from 'node:assert/strict';
import type { OutputFile, RemoteTask } from '../../../../server/src/jobs/remote/message';
import { areAskedFor, mostWrittenBytes } from '../../../../server/src/jobs/remote/returnedFiles';
import { useTmpFolder } from '../../../support/tmpFolder';

describe('files that come back', () => {
  const tmp = useTmpFolder();
  const file = (name: string, others: Partial<OutputFile> = {}): OutputFile => ({
    ...{ folder: 0, name, bytes: 1, sha256: 'a'.repeat(64), ...others },
  });
  const purify = (): RemoteTask => ({
    ...{ kind: 'purify', model: tmp('gin.pt'), data: tmp('data'), output: tmp('out', 'clean.pt') },
  });

  it('are those that the job was asked to write', async () => {
    assert.equal(await areAskedFor(purify(), [file('clean.pt')]), true);
    assert.equal(await areAskedFor(purify(), []), true);
    for (const name of ['other.pt', 'gin.pt', '.clean.pt', 'clean.pt/x', 'out/clean.pt']) {
      assert.equal(await areAskedFor(purify(), [file('clean.pt'), file(name)]), false, name);
    }
    assert.equal(await areAskedFor(purify(), [file('clean.pt', { folder: 1 })]), false);
    const scan: RemoteTask = { kind: 'scan', model: tmp('gin.pt') };
    assert.equal(await areAskedFor(scan, [file('gin.pt')]), false);
  });

  it('come once each, and are not too large together', async () => {
    assert.equal(await areAskedFor(purify(), [file('clean.pt'), file('clean.pt')]), false);
    assert.equal(await areAskedFor(purify(), [file('clean.pt', { bytes: mostWrittenBytes })]), true);
    assert.equal(await areAskedFor(purify(), [file('clean.pt', { bytes: mostWrittenBytes + 1 })]), false);
  });
});
