import type { ScanReport } from '../../../../protocol/reports';
import { isAboutCode } from '../../scan/codeSafety';
import type { ScanTask } from '../tasks';
import type { JobCache } from './jobCache';

/**
 * Scans a model file, taking what is known of its behaviour from the cache. Its code is looked at anew in any case: that
 * takes milliseconds, and a folder of results need not be trusted with it.
 *
 * @param run does a scan, here or elsewhere
 * @throws what `run` throws
 */
export async function scanThroughCache(
  task: ScanTask,
  run: (task: ScanTask) => Promise<ScanReport>,
  cache: JobCache,
): Promise<ScanReport> {
  if (task.codeOnly) return run(task);
  const report = await cache.through(task, () => run(task));
  if (!report.cached) return report;
  const code = await run({ ...task, codeOnly: true });
  // Another file lies there by now: nothing is known of that one.
  if (code.sha256 !== report.sha256) return run(task);
  return {
    ...report,
    findings: [...code.findings.filter(isAboutCode), ...report.findings.filter((finding) => !isAboutCode(finding))],
  };
}
