import type { ScanReport } from '../../../../protocol/reports';
import { isAboutCode } from '../../scan/codeSafety';
import { scanModel } from '../scanTask';
import type { JobContext, ScanTask } from '../tasks';
import type { JobCache } from './jobCache';

/**
 * Scans a model file as `scanModel` does, taking what is known of its behaviour from the cache. Its code is looked at
 * anew in any case: that takes milliseconds, and a folder of results need not be trusted with it.
 *
 * @throws what `scanModel` throws
 */
export async function scanThroughCache(task: ScanTask, context: JobContext, cache: JobCache): Promise<ScanReport> {
  if (task.codeOnly) return scanModel(task, context);
  const report = await cache.through(task, () => scanModel(task, context));
  if (!report.cached) return report;
  const code = await scanModel({ ...task, codeOnly: true }, context);
  // Another file lies there by now: nothing is known of that one.
  if (code.sha256 !== report.sha256) return scanModel(task, context);
  return {
    ...report,
    findings: [...code.findings.filter(isAboutCode), ...report.findings.filter((finding) => !isAboutCode(finding))],
  };
}
