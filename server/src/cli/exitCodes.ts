import { severities } from '../../../protocol/findings';
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
} as const;

/** Severities that `graphnad scan` can be told to fail on; `never` fails on none. */
export const failLevels = ['error', 'warning', 'never'] as const;
export type FailLevel = (typeof failLevels)[number];

/** How a scan ended, for the process and for its log. Findings count for more than what was not assessed. */
export function scanOutcome(
  reports: readonly Pick<ScanReport, 'findings'>[],
  unread: readonly UnreadFile[],
  failOn: FailLevel,
): { readonly exitCode: number; readonly description: string } {
  const counted = failOn === 'never' ? [] : severities.slice(0, severities.indexOf(failOn) + 1);
  const findings = reports.flatMap((report) => report.findings);
  if (findings.some(({ severity }) => counted.includes(severity))) {
    return { exitCode: exitCode.findings, description: `findings of severity ${counted.join(' or ')}` };
  }
  if (reports.length + unread.length === 0) return { exitCode: exitCode.failed, description: 'no model file found' };
  if (unread.length > 0 || findings.some(({ code }) => code.startsWith('GN9'))) {
    return { exitCode: exitCode.failed, description: 'something could not be read or assessed' };
  }
  return { exitCode: exitCode.ok, description: 'nothing found that fails the scan' };
}
