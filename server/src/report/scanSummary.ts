import { plural } from '../../../protocol/numberText';
import type { ScanReport, UnreadFile } from '../../../protocol/reports';

/** What came of a scan in one line: each file is counted once, by the worst that is known of it. */
export function scanSummary(reports: readonly ScanReport[], unread: readonly UnreadFile[]): string {
  if (reports.length + unread.length === 0) return 'no model file found';
  const counts = new Map<string, number>(categories.map((category) => [category, 0]));
  for (const category of [...reports.map(categoryOf), ...unread.map(() => 'could not be read' as const)]) {
    counts.set(category, (counts.get(category) ?? 0) + 1);
  }
  const parts = [...counts].filter(([, count]) => count > 0).map(([category, count]) => `${count} ${category}`);
  return `${plural(reports.length + unread.length, 'model file')}: ${parts.join(', ')}`;
}

const categories = [
  'with errors',
  'with warnings',
  'not assessed for backdoors',
  'with no sign of a backdoor',
  'could not be read',
] as const;

function categoryOf({ findings, backdoor }: ScanReport): (typeof categories)[number] {
  if (findings.some(({ severity }) => severity === 'error')) return 'with errors';
  if (findings.some(({ severity }) => severity === 'warning')) return 'with warnings';
  return backdoor.kind === 'not-assessed' ? 'not assessed for backdoors' : 'with no sign of a backdoor';
}
