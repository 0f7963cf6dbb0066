/** The comparison as Markdown. */

import type { MaliciousSample } from '../../test/support/malicious/sample';
import type { GroupResult, ScannerResult, Verdict } from './measurement';
import { largeMegabytes } from './measurement';

const count = ({ verdicts }: GroupResult, ...wanted: Verdict[]): number =>
  Object.values(verdicts).filter((verdict) => wanted.includes(verdict)).length;

const sum = (groups: readonly GroupResult[], ...wanted: Verdict[]): number =>
  groups.reduce((total, group) => total + count(group, ...wanted), 0);

function table(rows: readonly (readonly (string | number)[])[]): string {
  const lines = rows.map((row) => `| ${row.join(' | ')} |`);
  lines.splice(1, 0, `|${' --- |'.repeat(rows[0].length)}`);
  return `${lines.join('\n')}\n`;
}

const nameOf = ({ scanner, version }: ScannerResult): string => (version === '' ? scanner : `${scanner} ${version}`);

function overview(results: readonly ScannerResult[]): string {
  const [{ groups }] = results;
  const files = (isMalicious: boolean) =>
    groups
      .filter((group) => group.isMalicious === isMalicious)
      .reduce((total, { verdicts }) => total + Object.keys(verdicts).length, 0);
  const rows = results.map((result) => {
    const bad = result.groups.filter(({ isMalicious }) => isMalicious);
    const good = result.groups.filter(({ isMalicious }) => !isMalicious);
    return [
      nameOf(result),
      ...[sum(bad, 'alarm'), sum(bad, 'warning'), sum(bad, 'failed', 'skipped'), sum(bad, 'clean')],
      ...[sum(good, 'alarm'), sum(good, 'warning'), sum(good, 'failed', 'skipped')],
    ];
  });
  const heads = ['scanner', 'alarm', 'warning', 'failed or skipped', 'called clean'];
  const harmless = ['false alarm', 'warning on a harmless file', 'harmless file failed or skipped'];
  return `${files(true)} malicious files, ${files(false)} harmless ones:\n\n${table([[...heads, ...harmless], ...rows])}`;
}

function byGroup(results: readonly ScannerResult[]): string {
  const [{ groups }] = results;
  const rows = groups
    .filter(({ isMalicious }) => isMalicious)
    .map(({ group, verdicts }, i) => [
      group,
      Object.keys(verdicts).length,
      ...results.map(
        (result) => `${count(result.groups[i], 'alarm', 'warning')} / ${count(result.groups[i], 'clean')}`,
      ),
    ]);
  return `Alarm or warning / called clean, by what the files do:\n\n${table([['files', 'number', ...results.map(nameOf)], ...rows])}`;
}

function costs(results: readonly ScannerResult[]): string {
  const rows = results.map((result) => [
    nameOf(result),
    result.seconds.toFixed(2),
    Math.round(result.megabytes),
    result.large.seconds.toFixed(2),
    Math.round(result.large.megabytes),
  ]);
  const large = `state dict of ${largeMegabytes} MB`;
  return table([['scanner', 'all files, s', 'peak memory, MB', `${large}, s`, `${large}, peak memory, MB`], ...rows]);
}

/** What only the peers together would have found, and what they would have missed. */
function together([ours, ...peers]: readonly ScannerResult[]): string {
  let found = 0;
  let missed = 0;
  for (const [i, { isMalicious, verdicts }] of ours.groups.entries()) {
    for (const file of isMalicious ? Object.keys(verdicts) : []) {
      const theirs = peers.map((peer) => peer.groups[i].verdicts[file]);
      if (verdicts[file] === 'clean' && theirs.includes('alarm')) found++;
      if (verdicts[file] !== 'clean' && !theirs.some((verdict) => verdict === 'alarm' || verdict === 'warning'))
        missed++;
    }
  }
  return `No other scanner has an alarm or a warning on ${missed} of the files that this one does not call clean; ${found} that this one calls clean have an alarm of another.\n`;
}

export function codeSafetyTables(results: readonly ScannerResult[]): string {
  return [overview(results), byGroup(results), together(results), costs(results)].join('\n');
}

/** The malicious files: what each does, who told of it, and the least that is said about it. */
export function evasionTable(corpus: Readonly<Record<string, readonly MaliciousSample[]>>): string {
  return Object.entries(corpus)
    .map(([group, samples]) => {
      const rows = samples.map(({ title, source = '', level }) => [
        title.replaceAll('|', '\\|').replaceAll('_', '\\_'),
        source,
        level === 'dangerous' ? 'dangerous' : 'not known to be harmless',
      ]);
      const heading = `### ${group.charAt(0).toUpperCase()}${group.slice(1)}`;
      return `${heading}\n\n${table([['what the file does', 'described in', 'found to be'], ...rows])}`;
    })
    .join('\n');
}
