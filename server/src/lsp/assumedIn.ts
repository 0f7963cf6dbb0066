import type { AssumedParts } from '../../../protocol/manifest';
import type { ScanReport } from '../../../protocol/reports';

/** What somebody has to vouch for before a scan can come to a verdict; undefined where that is not what it lacks. */
export function assumedIn(report: Pick<ScanReport, 'backdoor'> | undefined): AssumedParts | undefined {
  return report?.backdoor.kind === 'not-assessed' ? report.backdoor.assumed : undefined;
}
