import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { ScanReport } from '../../../../protocol/reports';
import { JobCache, type StoredResults } from '../../../../server/src/jobs/cache/jobCache';
import { ResultCache } from '../../../../server/src/jobs/cache/resultCache';
import { fitData, type FitDataTask } from '../../../../server/src/jobs/fitData';
import { sha256Of } from '../../../../server/src/jobs/hashFile';
import { scanModel } from '../../../../server/src/jobs/scanTask';
import type { ScanTask } from '../../../../server/src/jobs/tasks';
import { scanReport } from '../../../support/reports';
import { useTmpFolder } from '../../../support/tmpFolder';

describe('JobCache', () => {
  const at = useTmpFolder();
  let computed: number;

  beforeEach(() => {
    computed = 0;
    writeFileSync(at('gin.pt'), 'weights');
    mkdirSync(at('data'));
    for (const part of ['A', 'graph_indicator', 'graph_labels']) writeFileSync(at(`data/TINY_${part}.txt`), '1\n');
  });

  /** As a new session of the program. */
  function session(program = 'program 1'): JobCache {
    const stored: StoredResults = { results: new ResultCache({ folder: at('cache') }), program };
    return new JobCache(() => Promise.resolve(stored));
  }

  const task = (more: Partial<ScanTask> = {}): ScanTask => ({
    kind: 'scan',
    model: at('gin.pt'),
    data: at('data'),
    seed: 0,
    ...more,
  });

  /** Does what a scan does with its files: says which they were. */
  const compute = (scan: ScanTask) => (): Promise<ScanReport> => {
    computed++;
    return Promise.resolve({
      ...scanReport,
      file: scan.model,
      sha256: sha256Of(readFileSync(scan.model)),
      settings: { ...scanReport.settings, data: scan.data },
    });
  };

  async function scan(scanTask: ScanTask, cache = session(), fresh = false): Promise<ScanReport> {
    const report = await cache.through(scanTask, compute(scanTask), { fresh });
    await cache.settled();
    return report;
  }

  it('computes a result once, and says of it later when that was', async () => {
    const first = await scan(task());
    assert.equal(first.cached, undefined);
    const { cached, ...second } = await scan(task());
    assert.deepEqual(second, first);
    assert.ok(Math.abs(Date.parse(cached?.computed ?? '') - Date.now()) < 60_000);
    assert.equal(computed, 1);
  });

  it('knows files by what they hold, wherever they are, and says where they are now', async () => {
    await scan(task());
    renameSync(at('gin.pt'), at('moved.pt'));
    cpSync(at('data'), at('copy'), { recursive: true });
    const moved = await scan(task({ model: at('moved.pt'), data: at('copy') }));
    assert.deepEqual([moved.file, moved.settings.data], [at('moved.pt'), at('copy')]);
    assert.equal(computed, 1);
  });

  it('computes anew when the model, the data, any setting or the program is another', async () => {
    await scan(task());
    const changes: (() => Promise<ScanReport>)[] = [
      () => scan(task({ seed: 1 })),
      () => scan(task({ features: 'degree' })),
      () => scan(task({ backend: 'cpu' })),
      () => scan(task({ cleanIds: [1, 2] })),
      () => scan(task({ architecture: { readout: 'mean' } })),
      () => scan(task({ data: undefined })),
      () => scan(task({ codeOnly: true })),
      () => scan(task(), session('program 2')),
      () => (writeFileSync(at('data/TINY_graph_labels.txt'), '2\n'), scan(task())),
      () => (writeFileSync(at('data/TINY_node_labels.txt'), '2\n'), scan(task())),
      () => (writeFileSync(at('gin.json'), '{}'), scan(task())),
      () => (writeFileSync(at('gin.pt'), 'Weights'), scan(task())),
    ];
    for (const [i, change] of changes.entries()) {
      assert.equal((await change()).cached, undefined);
      assert.equal(computed, i + 2);
    }
  });

  it('computes what is wanted fresh, and keeps that', async () => {
    await scan(task());
    assert.equal((await scan(task(), session(), true)).cached, undefined);
    assert.notEqual((await scan(task())).cached, undefined);
    assert.equal(computed, 2);
  });

  for (const fresh of [false, true]) {
    it(`keeps nothing of a file that changed while it was read${fresh ? ' afresh' : ''}`, async () => {
      for (const file of ['gin.pt', 'data/TINY_graph_labels.txt']) {
        const cache = session();
        await cache.through(
          task(),
          () => {
            const report = compute(task())();
            writeFileSync(at(file), 'something else');
            return report;
          },
          { fresh },
        );
        await cache.settled();
      }
      assert.equal(existsSync(at('cache')), false);
    });
  }

  it('keeps nothing of a file that was another only while it was read', async () => {
    const cache = session();
    await cache.through(task(), async () => {
      writeFileSync(at('gin.pt'), 'other weights');
      const report = await compute(task())();
      writeFileSync(at('gin.pt'), 'weights');
      return report;
    });
    await cache.settled();
    assert.equal(existsSync(at('cache')), false);
  });

  it('keeps nothing where the place for results is gone by the time they come', async () => {
    const results = new ResultCache({ folder: at('cache') });
    let stored: StoredResults | undefined = { results, program: 'program 1' };
    const cache = new JobCache(() => Promise.resolve(stored));
    await cache.through(task(), () => {
      stored = undefined;
      return compute(task())();
    });
    await cache.settled();
    assert.equal(existsSync(at('cache')), false);
  });

  it('keeps nothing that names its files by their places, nothing of TensorFlow, and no failure', async () => {
    const broken = { kind: 'fit-data', data: at('data') } as const satisfies FitDataTask;
    const cache = session();
    const fit = await cache.through(broken, () => fitData(broken));
    assert.match(fit.reason ?? '', /TINY_A\.txt/);
    await scan(task({ backend: 'tensorflow' }), cache);
    await assert.rejects(
      cache.through(task({ model: at('missing.pt') }), () =>
        scanModel(task({ model: at('missing.pt') }), {
          signal: new AbortController().signal,
          progress: () => undefined,
        }),
      ),
      /no such file/,
    );
    await cache.settled();
    assert.deepEqual(readdirSync(at()).includes('cache'), false);
  });

  it('knows again how a data set stands to a model', async () => {
    const fit: FitDataTask = { kind: 'fit-data', data: at('data') };
    const answer = { name: 'TINY', graphs: 1, fitting: ['labels'] as const };
    const ask = async (): Promise<void> => {
      const cache = session();
      assert.deepEqual(await cache.through(fit, () => (computed++, Promise.resolve(answer))), answer);
      await cache.settled();
    };
    await ask();
    await ask();
    assert.equal(computed, 1);
  });

  it('computes as if it were not there where there is no place for results', async () => {
    const cache = new JobCache(() => Promise.resolve(undefined));
    await scan(task(), cache);
    await scan(task(), cache);
    assert.equal(computed, 2);
  });
});
