import { severities, type Severity } from '../../../protocol/findings';
import type { FailLevel } from '../../../protocol/manifest';
import type { ScanReport, UnreadFile } from '../../../protocol/reports';

/** Exit codes of every command; see the command-line section of the user guide. */
export const exitCode = {
  /** Done; `scan`: nothing at or above `--fail-on`. */
  ok: 0,
  /** `scan`: findings at or above `--fail-on`. */
  findings: 1,
  /** Something could not be read, assessed or written as asked. */
  failed: 2,
  /** The command line was wrong (EX_USAGE). */
  usage: 64,
  /** Ctrl-C left a run whose jobs go on (128 and the number of the signal). */
  interrupted: 130,
} as const;

export interface ScanOutcome {
  readonly exitCode: number;
  readonly description: string;
}

/**
 * How a scan ended, for the process and for its log. Findings count for more than what was not assessed.
 *
 * @param failOn the severities that fail, for a file
 */
export function scanOutcome(
  reports: readonly Pick<ScanReport, 'file' | 'findings'>[],
  unread: readonly UnreadFile[],
  failOn: (file: string) => FailLevel,
): ScanOutcome {
  const findings = reports.flatMap((report) => report.findings);
  const failing = reports.flatMap((report) => {
    const counted = countedAt(failOn(report.file));
    return report.findings.some(({ severity }) => counted.includes(severity)) ? [counted] : [];
  });
  if (failing.length > 0) {
    const counted = failing.reduce((most, other) => (other.length > most.length ? other : most));
    return { exitCode: exitCode.findings, description: `findings of severity ${counted.join(' or ')}` };
  }
  if (reports.length + unread.length === 0) return { exitCode: exitCode.failed, description: 'no model file found' };
  if (unread.length > 0 || findings.some(({ code }) => code.startsWith('GN9'))) {
    return { exitCode: exitCode.failed, description: 'something could not be read or assessed' };
  }
  return { exitCode: exitCode.ok, description: 'nothing found that fails the scan' };
}

/** Severities that a scan fails on. */
function countedAt(level: FailLevel): readonly Severity[] {
  return level === 'never' ? [] : severities.slice(0, severities.indexOf(level) + 1);
}
