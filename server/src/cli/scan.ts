import { stat } from 'node:fs/promises';
import path from 'node:path';
import { severities, type Severity } from '../../../protocol/findings';
import type { ScanReport } from '../../../protocol/reports';
import { CheckpointError } from '../checkpoint/checkpoint';
import { runTask } from '../jobs/runTask';
import { findModels } from '../jobs/findModels';
import { findFittingData } from '../jobs/findFittingData';
import { writeWhole } from '../jobs/writeWhole';
import { sarifLog } from '../report/sarif';
import { scanReportText } from '../report/scanText';
import { limitThreads } from '../tensor/threads';
import { choice, idFile, modelOptions, modelTask, parseArguments, pathOption, threadsOption } from './arguments';
import { exitCode } from './exitCodes';
import { progressLine, say } from './output';
import { product } from './product';

export const scanHelp = `graphnad scan PATH... [options]
  Scans model files, and folders for model files, for unsafe code and for backdoors.

  --data DIR           TU data set folder with clean graphs; default: the best fitting one inside the given folders
  --clean-ids FILE     JSON array of the graph ids known to be clean; default: up to 64 of all
  --format FORMAT      text (default), json, sarif
  --json               the same as --format json
  --output FILE        write the result there instead of to standard output
  --fail-on LEVEL      exit 1 at findings of this severity or worse: error (default), warning, never
  --code-only          look for unsafe code alone
  --features KIND      auto (default), labels, labels-dense, labels+attributes, attributes, degree, constant
  --readout KIND       sum, mean or max, where it is known; default: settled by the clean labels
  --architecture FILE  JSON with parts of the architecture that recognition should not guess
  --backend NAME       auto (default), graphnad, tensorflow, cpu
  --threads N          threads that compute; default 0: one a core, four at most
  --seed N             default 0

  Exit codes: 0 nothing at or above --fail-on, 1 findings, 2 something could not be read or assessed, 64 wrong usage.`;

/** `graphnad scan`. */
export async function scan(argv: readonly string[], signal: AbortSignal): Promise<number> {
  const args = parseArguments(
    argv,
    {
      ...modelOptions,
      'clean-ids': { type: 'string' },
      format: { type: 'string' },
      output: { type: 'string' },
      'fail-on': { type: 'string' },
      'code-only': { type: 'boolean' },
    },
    { min: 1, max: Infinity, what: 'a model file or folder' },
  );
  const format = args.values.json ? 'json' : (choice(args, 'format', ['text', 'json', 'sarif'] as const) ?? 'text');
  const failOn = choice(args, 'fail-on', ['error', 'warning', 'never'] as const) ?? 'error';
  const codeOnly = args.values['code-only'] === true;
  const { data, ...task } = await modelTask(args);
  limitThreads(threadsOption(args));
  const cleanIds = await idFile(args, 'clean-ids');

  const roots = args.positionals.map((root) => path.resolve(root));
  const folders = await foldersAmong(roots);
  const reports: ScanReport[] = [];
  for (const model of await findModels(roots)) {
    const line = progressLine(path.basename(model));
    const fitting = data ?? (codeOnly ? undefined : await findFittingData(model, folders, task.architecture));
    const job = { kind: 'scan', ...task, model, data: fitting, cleanIds, codeOnly } as const;
    reports.push(await runTask(job, { signal, progress: line.update }).finally(line.done));
  }
  if (reports.length === 0) say('no model file found');

  const output = pathOption(args, 'output');
  const result = rendered(reports, format);
  if (output === undefined) process.stdout.write(result);
  else await writeWhole(output, result, { overwrite: true, protect: reports.map((report) => report.file) });
  return exitCodeOf(reports, failOn, codeOnly);
}

function rendered(reports: readonly ScanReport[], format: 'text' | 'json' | 'sarif'): string {
  switch (format) {
    case 'json':
      return `${JSON.stringify({ tool: 'graphnad', version: product.version, reports }, null, 2)}\n`;
    case 'sarif':
      return `${JSON.stringify(sarifLog(reports, product.version, product.documentation), null, 2)}\n`;
    case 'text':
      return reports.map(scanReportText).join(`\n${'='.repeat(80)}\n\n`);
  }
}

function exitCodeOf(reports: readonly ScanReport[], failOn: 'error' | 'warning' | 'never', codeOnly: boolean): number {
  const limit = failOn === 'never' ? -1 : severities.indexOf(failOn);
  const counts = (severity: Severity): boolean => severities.indexOf(severity) <= limit;
  if (reports.some((report) => report.findings.some((finding) => counts(finding.severity)))) return exitCode.findings;
  const incomplete = !codeOnly && reports.some((report) => report.backdoor.kind === 'not-assessed');
  return incomplete || reports.length === 0 ? exitCode.failed : exitCode.ok;
}

async function foldersAmong(roots: readonly string[]): Promise<string[]> {
  const folders: string[] = [];
  for (const root of roots) {
    const found = await stat(root).catch(() => undefined);
    if (found === undefined) throw new CheckpointError(root, 'there is no such file or folder');
    if (found.isDirectory()) folders.push(root);
  }
  return folders;
}
