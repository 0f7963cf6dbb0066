import assert from 'node:assert/strict';
import { copyFileSync, readFileSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { withSecondTry } from '../../../server/src/cli/executor';
import { scanModels, type ModelsToScan, type ScannedModels } from '../../../server/src/cli/scanModels';
import { JobCache } from '../../../server/src/jobs/cache/jobCache';
import { FoundData } from '../../../server/src/jobs/foundData';
import { WorkerPool } from '../../../server/src/jobs/pool';
import { bundled } from '../../support/bundled';
import { maliciousCheckpoint } from '../../support/maliciousCheckpoint';
import { useTinyWorkspace } from '../../support/tinyWorkspace';
import { useTmpFolder } from '../../support/tmpFolder';

describe('scanModels', function () {
  this.timeout(60_000);
  const tiny = useTinyWorkspace();
  const at = useTmpFolder();

  const pool = new WorkerPool({ script: bundled('test/support/scanWorker.ts'), size: 2 });
  after(() => pool.dispose());

  async function scan(names: readonly string[], size: number, run: Partial<ModelsToScan> = {}): Promise<ScannedModels> {
    pool.resize(size);
    return scanModels({
      models: names.map((name) => at(name)),
      given: { codeOnly: true },
      settings: new Map(),
      found: await FoundData.inside([]),
      cache: new JobCache(() => Promise.resolve(undefined)),
      executor: withSecondTry(pool),
      signal: new AbortController().signal,
      ...run,
    });
  }

  it('answers in the order of the models, the same on one place and on two', async () => {
    writeFileSync(at('evil.pt'), maliciousCheckpoint());
    copyFileSync(tiny().model, at('gin.pt'));
    copyFileSync(tiny().model, at('broken.pt'));
    truncateSync(at('broken.pt'), 500);
    const models = ['gin.pt', 'evil.pt', 'broken.pt'];
    const whole = { given: {}, found: await FoundData.inside([tiny().folder]) };
    const [one, two] = [await scan(models, 1, whole), await scan(models, 2, whole)];
    assert.deepEqual(JSON.stringify(two), JSON.stringify(one));
    assert.deepEqual(
      one.reports.map(({ file, settings }) => [path.basename(file), settings.data]),
      [
        ['gin.pt', tiny().data],
        ['evil.pt', undefined],
        ['broken.pt', undefined],
      ],
    );
  });

  it('goes on where a file cannot be read, or a scan ends its process twice', async () => {
    copyFileSync(tiny().model, at('gin.pt'));
    copyFileSync(tiny().model, at('crash.pt'));
    copyFileSync(tiny().model, at('crash-once.pt'));
    symlinkSync(at('nowhere.pt'), at('gone.pt'));
    const { reports, unread } = await scan(['crash.pt', 'crash-once.pt', 'gone.pt', 'gin.pt'], 2);
    assert.deepEqual(
      reports.map(({ file }) => path.basename(file)),
      ['crash-once.pt', 'gin.pt'],
    );
    assert.deepEqual(unread, [
      {
        file: at('crash.pt'),
        reason: 'the analysis process ended unexpectedly (exit code 3), each time it was tried',
      },
      { file: at('gone.pt'), reason: 'there is no such file' },
    ]);
  });

  it('ends with the reason when it is cancelled, and leaves nothing running', async () => {
    copyFileSync(tiny().model, at('gin.pt'));
    const before = readFileSync(at('gin.pt'));
    const signal = AbortSignal.timeout(50);
    const cancelled = scan(['gin.pt', 'gin.pt', 'gin.pt'], 2, { given: { data: tiny().data }, signal });
    await assert.rejects(cancelled, (error) => error === signal.reason);
    assert.deepEqual([pool.pending, readFileSync(at('gin.pt'))], [0, before]);
  });

  it('stops at what is wrong with more than one file', async () => {
    copyFileSync(tiny().model, at('gin.pt'));
    const backend = { given: { data: tiny().data, backend: 'tensorflow' } } as const;
    await assert.rejects(scan(['gin.pt', 'gin.pt'], 1, backend), { name: 'BackendError' });
  });
});
