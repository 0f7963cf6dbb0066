import { stat } from 'node:fs/promises';
import path from 'node:path';
import { failLevels, type FailLevel } from '../../../protocol/manifest';
import type { ScanReport, UnreadFile } from '../../../protocol/reports';
import { CheckpointError } from '../checkpoint/checkpoint';
import { scanThroughCache } from '../jobs/cache/scanThroughCache';
import { dataFiles } from '../jobs/dataFiles';
import { findModels } from '../jobs/findModels';
import { FoundData } from '../jobs/foundData';
import type { ModelSettings } from '../jobs/manifest/modelSettings';
import { withSeverities } from '../jobs/manifest/severities';
import { scanWithFitting } from '../jobs/scanWithFitting';
import type { ScanTask } from '../jobs/tasks';
import { checkTarget, writeWhole } from '../jobs/writeWhole';
import { sarifLog } from '../report/sarif/sarifLog';
import { scanSummary } from '../report/scanSummary';
import { scanReportText } from '../report/scanText';
import { visible } from '../report/visible';
import { limitThreads } from '../tensor/threads';
import {
  choice,
  idFile,
  modelOptions,
  modelTask,
  parseArguments,
  pathOption,
  text,
  threadsOption,
  UsageError,
  type Arguments,
} from './arguments';
import { scanOutcome, type ScanOutcome } from './exitCodes';
import { manifestHelp, manifestOf, manifestOptions } from './manifest';
import { progressLine, say } from './output';
import { product } from './product';
import { scanCache } from './scanCache';

export const scanHelp = `graphnad scan PATH... [options]
  Scans model files, and folders for model files, for unsafe code and for backdoors.

  --data DIR           TU data set folder with clean graphs; default: the best fitting one inside the given folders,
                       or graphs made up for the model, on which it can be accused but not cleared
  --clean-ids FILE     JSON array of the graph ids known to be clean; default: up to 128 of all
  --format FORMAT      text (default), json, sarif
  --json               the same as --format json
  --output FILE        write the result there, whole or not at all, instead of to standard output
  --root DIR           folder that files are named relative to in SARIF: the top of the repository; default: the
                       current folder
  --category NAME      tells SARIF logs of one commit apart; default: graphnad/scan, or graphnad/code with --code-only
  --cache DIR          keep what scans find out about behaviour there, and take it from there while model, data, options
                       and program are the same; outside of what is scanned and of --root. Code is always looked at
  --fail-on LEVEL      exit 1 at findings of this severity or worse: error (default), warning, never
  --code-only          look for unsafe code alone
  --features KIND      auto (default), labels, labels-dense, labels+attributes, attributes, degree, constant
  --readout KIND       sum, mean or max, where it is known; default: settled by the clean labels
  --architecture FILE  JSON with parts of the architecture that recognition should not guess
${manifestHelp}
  --backend NAME       auto (default), graphnad, tensorflow, cpu
  --threads N          threads that compute; default 0: one a core, four at most
  --seed N             default 0

  Exit codes: 0 nothing at or above --fail-on, 1 findings, 2 something could not be read or assessed, 64 wrong usage.
  Where both 1 and 2 apply, it is 1.`;

/** `graphnad scan`. */
export async function scan(argv: readonly string[], signal: AbortSignal): Promise<number> {
  const args = parseArguments(
    argv,
    {
      ...modelOptions,
      ...manifestOptions,
      ...{ 'clean-ids': word, format: word, output: word, root: word, category: word, cache: word, 'fail-on': word },
      'code-only': { type: 'boolean' },
    },
    { min: 1, max: Infinity, what: 'a model file or folder' },
  );
  const layout = layoutOptions(args);
  const given = await modelTask(args);
  const { data } = given;
  limitThreads(threadsOption(args));
  const cleanIds = await idFile(args, 'clean-ids');

  const roots = args.positionals.map((root) => path.resolve(root));
  const folders = await foldersAmong(roots);
  const models = await findModels(roots);
  const output = pathOption(args, 'output');
  const inputs = [pathOption(args, 'clean-ids'), pathOption(args, 'architecture')].filter((file) => file !== undefined);
  const found = await FoundData.inside(data === undefined && !layout.codeOnly ? folders : []);
  const manifests = await settingsOf(models, args);
  const dataFolders = data === undefined ? [...found.folders, ...dataNamedIn(manifests)] : [data];
  const writing = { overwrite: true, protect: [...models, ...inputs, ...(await dataFiles(dataFolders))] };
  if (output !== undefined) await checkTarget(output, writing);

  const around = roots.map((root) => (folders.includes(root) ? root : path.dirname(root)));
  const cache = await scanCache(pathOption(args, 'cache'), [layout.root, ...around]);
  const explicit = { ...given, cleanIds, seed: text(args, 'seed') === undefined ? undefined : given.seed };
  const reports: ScanReport[] = [];
  const unread: UnreadFile[] = [];
  for (const model of models) {
    const line = progressLine(path.basename(model));
    const settings = manifests.get(model);
    const task = scanTaskOf(model, explicit, settings);
    const fitting = task.data === undefined ? await found.fitting(model, task.architecture) : [task.data];
    const { codeOnly } = layout;
    const job = { ...task, codeOnly, madeUpGraphs: true } as const;
    const context = { signal, progress: line.update };
    const scanOne = (folder: string | undefined): Promise<ScanReport> =>
      scanThroughCache({ ...job, data: folder }, context, cache);
    try {
      reports.push(withSeverities(await scanWithFitting(fitting, scanOne).finally(line.done), settings));
    } catch (error) {
      // One file that cannot be read does not keep the others from being scanned.
      if (!(error instanceof CheckpointError)) throw error;
      unread.push({ file: model, reason: error.reason });
      say(`graphnad: ${visible(error.message)}`);
    }
  }

  await cache.settled();
  const failOn = (file: string): FailLevel => layout.failOn ?? manifests.get(file)?.failOn ?? 'error';
  const outcome = scanOutcome(reports, unread, failOn);
  const result = rendered(reports, unread, layout, outcome);
  if (output === undefined) process.stdout.write(result);
  else await writeWhole(output, result, writing);
  say(scanSummary(reports, unread));
  return outcome.exitCode;
}

type Settings = ReadonlyMap<string, ModelSettings | undefined>;

/** What the manifest of each model says of it. */
async function settingsOf(models: readonly string[], args: Arguments): Promise<Settings> {
  const look = manifestOf(args);
  const settings = new Map<string, ModelSettings | undefined>();
  for (const model of models) settings.set(model, await look(model));
  return settings;
}

function dataNamedIn(settings: Settings): string[] {
  return [...settings.values()].map((entry) => entry?.data?.folder).filter((folder) => folder !== undefined);
}

/** What the command line says of a scan, then what the manifest says. Features and ids of graphs go with their data. */
export function scanTaskOf(
  model: string,
  given: Omit<ScanTask, 'kind' | 'model'>,
  settings: ModelSettings | undefined,
): ScanTask {
  const named = given.data === undefined ? settings?.data : undefined;
  const architecture = { ...settings?.architecture, ...given.architecture };
  return {
    kind: 'scan',
    ...given,
    model,
    data: given.data ?? named?.folder,
    features: given.features ?? named?.features,
    cleanIds: given.cleanIds ?? named?.cleanIds,
    architecture: Object.keys(architecture).length === 0 ? undefined : architecture,
    classNames: settings?.classNames,
    seed: given.seed ?? settings?.seed ?? 0,
  };
}

const word = { type: 'string' } as const;

/** What the result looks like and what it is judged by. */
interface Layout {
  readonly format: 'text' | 'json' | 'sarif';
  /** Absent where the command line does not say. */
  readonly failOn?: FailLevel;
  readonly codeOnly: boolean;
  readonly root: string;
  readonly category: string;
}

function layoutOptions(args: Arguments): Layout {
  const codeOnly = args.values['code-only'] === true;
  const category = text(args, 'category') ?? (codeOnly ? 'graphnad/code' : 'graphnad/scan');
  if (!/^[^\s/]+(\/[^\s/]+)*$/.test(category))
    throw new UsageError(`--category must be a name such as graphnad/models, not "${category}"`);
  const format = args.values.json ? 'json' : (choice(args, 'format', ['text', 'json', 'sarif'] as const) ?? 'text');
  return {
    format,
    failOn: choice(args, 'fail-on', failLevels),
    codeOnly,
    root: pathOption(args, 'root') ?? process.cwd(),
    category,
  };
}

function rendered(
  reports: readonly ScanReport[],
  unread: readonly UnreadFile[],
  layout: Layout,
  { exitCode, description: exitCodeDescription }: ScanOutcome,
): string {
  const { version, documentation } = product;
  const { root, category } = layout;
  switch (layout.format) {
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

async function foldersAmong(roots: readonly string[]): Promise<string[]> {
  const folders: string[] = [];
  for (const root of roots) {
    const found = await stat(root).catch(() => undefined);
    if (found === undefined) throw new CheckpointError(root, 'there is no such file or folder');
    if (found.isDirectory()) folders.push(root);
  }
  return folders;
}
