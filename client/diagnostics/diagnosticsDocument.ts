/** What Collect Diagnostics writes. */
import type { StatusNotification } from '../../protocol/requests';
import { queueLine } from '../queue/queueWords';

export interface SettingValue {
  readonly name: string;
  readonly value: unknown;
  /** Where it is set: `default`, `user`, `workspace` or `folder NAME`. */
  readonly from: string;
}

export interface CollectedFacts {
  /** Names and values of versions and of the surroundings. */
  readonly versions: Readonly<Record<string, string>>;
  readonly settings: readonly SettingValue[];
  /** State of the server in a line. */
  readonly server: string;
  /** What the server said last. */
  readonly status?: StatusNotification.Params;
  readonly log: readonly string[];
}

/** A Markdown document for a bug report. Paths are as they were given: see `withoutPaths`. */
export function diagnosticsDocument({ versions, settings, server, status, log }: CollectedFacts): string {
  return [
    '# GraphNAD diagnostics',
    'Nothing of this was sent anywhere. Read it before you give it to anybody: the log names files.',
    '## Versions',
    table(['', ''], Object.entries(versions)),
    '## Server',
    `State: ${server}`,
    ...(status ? [table(['', ''], statusRows(status))] : []),
    '## Settings',
    table(
      ['setting', 'value', 'from'],
      settings.map(({ name, value, from }) => [`\`${name}\``, `\`${JSON.stringify(value)}\``, from]),
    ),
    `## Log, last ${log.length} lines`,
    fenced(log),
    '',
  ].join('\n\n');
}

function statusRows(status: StatusNotification.Params): [string, string][] {
  const { state, activity, models, errors, warnings, notAssessed, backend, scans, restricted, unlisted, queue } =
    status;
  return [
    ['activity', activity ?? state],
    ['backend', backend ?? 'none was needed yet'],
    ['model files', String(models)],
    ['findings', `${errors} errors, ${warnings} warnings`],
    ['not assessed', String(notAssessed)],
    ...(scans ? [['scans', `${scans.done} of ${scans.total} done`] as [string, string]] : []),
    ...(unlisted ? [['not listed in Problems', String(unlisted)] as [string, string]] : []),
    ...(restricted ? [['Restricted Mode', 'only code is looked at'] as [string, string]] : []),
    ...(queue ? [['queue', queueLine(queue)] as [string, string]] : []),
  ];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replace(/\|/g, '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** A fence that no line of the log can end. */
function fenced(lines: readonly string[]): string {
  const longest = Math.max(2, ...lines.flatMap((line) => line.match(/`+/g) ?? []).map((ticks) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return [`${fence}text`, ...lines, fence].join('\n');
}
