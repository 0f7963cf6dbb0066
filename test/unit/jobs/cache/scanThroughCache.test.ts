import assert from 'node:assert/strict';
import { copyFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { ScanReport } from '../../../../protocol/reports';
import { JobCache } from '../../../../server/src/jobs/cache/jobCache';
import { ResultCache } from '../../../../server/src/jobs/cache/resultCache';
import { scanThroughCache } from '../../../../server/src/jobs/cache/scanThroughCache';
import { scanModel } from '../../../../server/src/jobs/scanTask';
import type { ScanTask } from '../../../../server/src/jobs/tasks';
import { isAboutCode } from '../../../../server/src/scan/codeSafety';
import { maliciousCheckpoint } from '../../../support/maliciousCheckpoint';
import { useTinyWorkspace } from '../../../support/tinyWorkspace';
import { useTmpFolder } from '../../../support/tmpFolder';

describe('scanThroughCache', function () {
  this.timeout(60_000);
  const at = useTmpFolder();
  const tiny = useTinyWorkspace();

  async function scan(
    task: Omit<ScanTask, 'kind'>,
    results = new ResultCache({ folder: at('cache') }),
  ): Promise<{ report: ScanReport; computed: boolean }> {
    let computed = false;
    const progress = (): void => void (computed = true);
    const cache = new JobCache(() => Promise.resolve({ results, program: 'program' }));
    const context = { signal: new AbortController().signal, progress };
    const report = await scanThroughCache({ kind: 'scan', ...task }, (one) => scanModel(one, context), cache);
    await cache.settled();
    return { report, computed };
  }

  it('computes a behaviour once', async () => {
    copyFileSync(tiny().model, at('gin.pt'));
    const task = { model: at('gin.pt'), data: tiny().data };
    const first = await scan(task);
    const second = await scan(task);
    assert.deepEqual([first.computed, second.computed], [true, false]);
    const { cached, ...report } = second.report;
    assert.notEqual(cached, undefined);
    assert.deepEqual(JSON.parse(JSON.stringify(report)), JSON.parse(JSON.stringify(first.report)));
  });

  it('takes nothing for a file that was replaced meanwhile', async () => {
    copyFileSync(tiny().model, at('gin.pt'));
    const task = { model: at('gin.pt'), data: tiny().data };
    await scan(task);
    const swapping = new ResultCache({ folder: at('cache') });
    const get = swapping.get.bind(swapping);
    swapping.get = async (...asked) => {
      const known = await get(...asked);
      writeFileSync(at('gin.pt'), maliciousCheckpoint());
      return known;
    };
    const { report } = await scan(task, swapping);
    assert.equal(report.cached, undefined);
    assert.equal(report.backdoor.kind, 'not-assessed');
    assert.ok(report.findings.some(isAboutCode));
  });

  it('looks at the code in any case, and keeps nothing where that is all', async () => {
    writeFileSync(at('bad.pt'), maliciousCheckpoint());
    const bad = { model: at('bad.pt') };
    const { report } = await scan(bad);
    assert.ok(report.findings.some(isAboutCode));
    // Even a result that hides what the code does, and is whole otherwise, hides nothing.
    const [entry] = readdirSync(at('cache'));
    const kept = JSON.parse(readFileSync(at('cache', entry), 'utf8')) as {
      key: Record<string, unknown>;
      result: ScanReport;
    };
    const stored = new ResultCache({ folder: at('cache') });
    const hiding = { ...kept.result, findings: kept.result.findings.filter((finding) => !isAboutCode(finding)) };
    await stored.put(kept.key, hiding, (value): value is ScanReport => value !== undefined);
    assert.deepEqual((await scan(bad)).report.findings, report.findings);

    await scan({ ...bad, codeOnly: true });
    assert.deepEqual(readdirSync(at('cache')), [entry]);
  });
});
