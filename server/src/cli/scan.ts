import { stat } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import type { FailLevel } from '../../../protocol/manifest';
import { CheckpointError } from '../checkpoint/checkpoint';
import { dataFiles } from '../jobs/dataFiles';
import { findModels } from '../jobs/findModels';
import { FoundData } from '../jobs/foundData';
import type { JobExecutor } from '../jobs/executor';
import type { ModelSettings } from '../jobs/manifest/modelSettings';
import { ManifestError } from '../jobs/manifest/readManifest';
import { checkTarget, writeWhole } from '../jobs/writeWhole';
import { scanSummary } from '../report/scanSummary';
import { visible } from '../report/visible';
import {
  askedThreads,
  idFile,
  modelOptions,
  modelTask,
  parseArguments,
  pathOption,
  smallNumber,
  text,
  withoutOptions,
  type Arguments,
  type Options,
} from './arguments';
import { localExecutor, poolSize, withSecondTry } from './executor';
import { scanOutcome } from './exitCodes';
import { manifestHelp, manifestOf, manifestOptions } from './manifest';
import { say } from './output';
import { queueChoice, queueHelp, queueOptions, runOptions } from './queueOptions';
import { scanCache } from './scanCache';
import { scanModels, type ManifestFailure } from './scanModels';
import { scanLayout, scanResult } from './scanResult';
import { withExecutor } from './withExecutor';

export const scanHelp = `graphnad scan PATH... [options]
  Scans model files, and folders for model files, for unsafe code and for backdoors.

  --data DIR           data set folder (TU or OGB) with clean graphs; default: the best fitting one inside the given
                       folders, or graphs made up for the model, on which it can be accused but not cleared
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
  --features KIND      auto (default), labels, labels-dense, labels+attributes, attributes, embedded, degree, constant
  --readout KIND       sum, mean or max, where it is known; default: settled by the clean labels
  --architecture FILE  JSON, or a file with it: parts of the architecture that recognition should not guess
${manifestHelp}
  --backend NAME       auto (default), graphnad, tensorflow, cpu
  --jobs N             models scanned at the same time, each by a process of its own; default: one a core, as far as
                       memory allows
  --threads N          threads of each; default 0: the cores are divided among those that run, four at most for each
  --seed N             default 0
${queueHelp}
  --retry              with --queue: try models again whose scan was given up

  Exit codes: 0 nothing at or above --fail-on, 1 findings, 2 something could not be read or assessed, 64 wrong usage.
  Where both 1 and 2 apply, it is 1.`;

const word = { type: 'string' } as const;
const options: Options = {
  ...modelOptions,
  ...manifestOptions,
  ...queueOptions,
  ...{ 'clean-ids': word, format: word, output: word, root: word, category: word, cache: word, 'fail-on': word },
  ...{ 'code-only': { type: 'boolean' }, jobs: word },
};

/** `graphnad scan`. */
export async function scan(argv: readonly string[], signal: AbortSignal): Promise<number> {
  const args = parseArguments(argv, options, { min: 1, max: Infinity, what: 'a model file or folder' });
  const queue = queueChoice(args);
  const layout = scanLayout(args);
  const given = await modelTask(args);
  const { data } = given;
  const threads = askedThreads(args);
  const size = poolSize({ jobs: smallNumber(args, 'jobs'), threads });
  const cleanIds = await idFile(args, 'clean-ids');

  const roots = args.positionals.map((root) => path.resolve(root));
  const folders = await foldersAmong(roots);
  const models = await findModels(roots, signal);
  const output = pathOption(args, 'output');
  const inputs = [pathOption(args, 'clean-ids'), pathOption(args, 'architecture')].filter((file) => file !== undefined);
  const found = await FoundData.inside(data === undefined && !layout.codeOnly ? folders : []);
  const { settings, failures } = await settingsOf(models, args);
  const dataFolders = data === undefined ? [...found.folders, ...dataNamedIn(settings)] : [data];
  const manifests = [...settings.values(), ...failures.values()].map((one) => one?.manifest);
  const protect = [...models, ...inputs, ...new Set(manifests), ...(await dataFiles(dataFolders))];
  const writing = { overwrite: true, protect: protect.filter((file) => file !== undefined) };
  if (output !== undefined) await checkTarget(output, writing);

  const around = roots.map((root) => (folders.includes(root) ? root : path.dirname(root)));
  const cache = await scanCache(pathOption(args, 'cache'), [layout.root, ...around]);
  const seed = text(args, 'seed') === undefined ? undefined : given.seed;
  const local = (): JobExecutor =>
    withSecondTry(localExecutor({ size: Math.max(1, Math.min(size, models.length)), threads }));
  const command = ['scan', ...withoutOptions(argv, options, runOptions)];
  return withExecutor({ queue, command, local, signal }, async (executor, own) => {
    const scanned = await scanModels({
      ...{ models, settings, failures, found, cache, executor, signal: own },
      given: { ...given, cleanIds, seed, codeOnly: layout.codeOnly },
    });
    await cache.settled();
    const { reports, unread } = scanned;
    const failOn = (file: string): FailLevel => layout.failOn ?? settings.get(file)?.failOn ?? 'error';
    const outcome = scanOutcome(reports, unread, failOn);
    const result = scanResult(scanned, layout, outcome);
    if (output === undefined) process.stdout.write(result);
    else await writeWhole(output, result, writing);
    say(scanSummary(reports, unread));
    return outcome.exitCode;
  });
}

type Settings = ReadonlyMap<string, ModelSettings | undefined>;

/**
 * What the manifest of each model says of it. One that has a mistake in it is told of, and keeps nobody from looking at
 * the code of the models: whoever brings a bad model can bring a bad manifest.
 */
async function settingsOf(
  models: readonly string[],
  args: Arguments,
): Promise<{ readonly settings: Settings; readonly failures: ReadonlyMap<string, ManifestFailure> }> {
  const look = manifestOf(args);
  const settings = new Map<string, ModelSettings | undefined>();
  const failures = new Map<string, ManifestFailure>();
  const told = new Set<string>();
  for (const model of models) {
    try {
      settings.set(model, await look(model));
    } catch (error) {
      if (!(error instanceof ManifestError)) throw error;
      failures.set(model, { manifest: error.file, reason: error.message });
      if (!told.has(error.message)) say(`graphnad: ${visible(error.message)}`);
      told.add(error.message);
    }
  }
  return { settings, failures };
}

function dataNamedIn(settings: Settings): string[] {
  return [...settings.values()].map((entry) => entry?.data?.folder).filter((folder) => folder !== undefined);
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
