import process from 'node:process';
import { failLevels, type FailLevel } from '../../../protocol/manifest';
import { sarifLog } from '../report/sarif/sarifLog';
import { scanReportText } from '../report/scanText';
import { choice, pathOption, text, UsageError, type Arguments } from './arguments';
import type { ScanOutcome } from './exitCodes';
import { product } from './product';
import type { ScannedModels } from './scanModels';

/** What the result of a scan looks like and what it is judged by. */
export interface ScanLayout {
  readonly format: 'text' | 'json' | 'sarif';
  /** Absent where the command line does not say. */
  readonly failOn?: FailLevel;
  readonly codeOnly: boolean;
  readonly root: string;
  readonly category: string;
}

/** @throws UsageError */
export function scanLayout(args: Arguments): ScanLayout {
  const codeOnly = args.values['code-only'] === true;
  const category = text(args, 'category') ?? (codeOnly ? 'graphnad/code' : 'graphnad/scan');
  if (!/^[^\s/]+(\/[^\s/]+)*$/.test(category))
    throw new UsageError(`--category must be a name such as graphnad/models, not "${category}"`);
  return {
    format: resultFormat(args),
    failOn: choice(args, 'fail-on', failLevels),
    codeOnly,
    root: pathOption(args, 'root') ?? process.cwd(),
    category,
  };
}

function resultFormat(args: Arguments): ScanLayout['format'] {
  const format = choice(args, 'format', ['text', 'json', 'sarif'] as const);
  if (!args.values.json) return format ?? 'text';
  if (format !== undefined && format !== 'json')
    throw new UsageError(`--json and --format ${format} contradict each other`);
  return 'json';
}

/** The result of a scan as it is printed. */
export function scanResult(
  { reports, unread }: ScannedModels,
  { format, root, category }: ScanLayout,
  { exitCode, description: exitCodeDescription }: ScanOutcome,
): string {
  const { version, documentation } = product;
  switch (format) {
    case 'json':
      return json({ tool: 'graphnad', version, exitCode, reports, unread });
    case 'sarif':
      return json(sarifLog(reports, { version, documentation, root, category, exitCode, exitCodeDescription, unread }));
    case 'text':
      return reports.map(scanReportText).join(`\n${'='.repeat(80)}\n\n`);
  }
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
