import path from 'node:path';
import process from 'node:process';
import type { BackdoorVerdict, ScanReport, UnreadFile } from '../../../protocol/reports';
import type { JobCache } from '../jobs/cache/jobCache';
import { scanThroughCache } from '../jobs/cache/scanThroughCache';
import type { JobExecutor } from '../jobs/executor';
import type { FoundData } from '../jobs/foundData';
import type { ModelSettings } from '../jobs/manifest/modelSettings';
import { withSeverities } from '../jobs/manifest/severities';
import { scanWithFitting } from '../jobs/scanWithFitting';
import type { ScanTask } from '../jobs/tasks';
import { runJob } from '../jobs/workerTasks';
import { visible } from '../report/visible';
import { backdoorFindings } from '../scan/findings';
import { jobLog, wasLeft, whyUnread } from './jobFailures';
import { say } from './output';
import { ProgressTable } from './progressTable';
import { RunProgress, type JobNews } from './runProgress';
import { sideBySide } from './sideBySide';

/** A manifest that cannot be used. */
export interface ManifestFailure {
  readonly manifest: string;
  /** Names the file and the place in it. */
  readonly reason: string;
}

export interface ModelsToScan {
  readonly models: readonly string[];
  /** What the command line says of all of them. */
  readonly given: Omit<ScanTask, 'kind' | 'model'>;
  /** What the manifest says of each. */
  readonly settings: ReadonlyMap<string, ModelSettings | undefined>;
  /** Models whose manifest cannot be used: nobody shall be told a verdict on other data than were meant. */
  readonly failures?: ReadonlyMap<string, ManifestFailure>;
  /** Data sets for those of which neither says what data they go with. */
  readonly found: FoundData;
  readonly cache: JobCache;
  readonly executor: JobExecutor;
  readonly signal: AbortSignal;
}

export interface ScannedModels {
  /** In the order of the models. */
  readonly reports: readonly ScanReport[];
  readonly unread: readonly UnreadFile[];
}

/**
 * Scans models, as many at a time as the executor has places. One that cannot be read, or whose scan ends its process
 * again and again, does not keep the others from being scanned.
 *
 * @throws BackendError (as a JobError), and the signal's reason once it is aborted; RunLeftError where jobs were left
 */
export async function scanModels(run: ModelsToScan): Promise<ScannedModels> {
  const { models, settings, executor, signal } = run;
  const fitting = oneByOne((model: string, task: ScanTask) => run.found.fitting(model, task.architecture));
  const scanOne = async (
    model: string,
    own: AbortSignal,
    { onAsk, onStart, progress }: JobNews,
  ): Promise<ScanReport> => {
    const task: ScanTask = { ...scanTaskOf(model, run.given, settings.get(model)), madeUpGraphs: true };
    const scan = (one: ScanTask): Promise<ScanReport> => {
      onAsk();
      return runJob(executor, one, { signal: own, onStart, progress });
    };
    const failure = run.failures?.get(model);
    if (failure !== undefined) {
      const code = await scan({ ...task, codeOnly: true });
      return task.codeOnly ? code : withoutManifest(code, failure);
    }
    const folders = task.data === undefined ? await fitting(model, task) : [task.data];
    const report = await scanWithFitting(folders, (data) => scanThroughCache({ ...task, data }, scan, run.cache));
    return withSeverities(report, settings.get(model));
  };

  const table = new ProgressTable();
  const counts = new RunProgress({ unit: 'models', total: models.length }, () => table.update(() => counts.state()));
  const work = async (model: string, own: AbortSignal): Promise<ScanReport | UnreadFile | Error> => {
    const job = counts.begin(shortName(model));
    try {
      const report = await scanOne(model, own, job);
      job.end(false);
      return report;
    } catch (error) {
      // The others are to be asked for as well.
      if (wasLeft(error)) return error;
      const unread = own.aborted ? undefined : whyUnread(error, model);
      if (unread === undefined) throw error;
      job.end(true);
      say(`graphnad: ${visible(unread.message)}`);
      jobLog(error).forEach(say);
      return { file: model, reason: unread.reason };
    }
  };
  try {
    const outcomes = await sideBySide({ items: models, places: executor.places, work, signal });
    const left = outcomes.find((outcome) => outcome instanceof Error);
    if (left) throw left;
    return {
      reports: outcomes.filter((outcome): outcome is ScanReport => 'findings' in outcome),
      unread: outcomes.filter((outcome): outcome is UnreadFile => 'reason' in outcome),
    };
  } finally {
    table.done();
  }
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

/** What was found in the code of a model, which is not assessed for want of its manifest. */
function withoutManifest(report: ScanReport, { reason }: ManifestFailure): ScanReport {
  // That the file cannot be read as a model stands there already.
  if (report.backdoor.kind === 'not-assessed' && report.backdoor.code !== undefined) return report;
  const backdoor: BackdoorVerdict = { kind: 'not-assessed', code: 'GN906', reason };
  return { ...report, backdoor, findings: [...report.findings, ...backdoorFindings(backdoor)] };
}

/** Models are read whole to be compared with data: one at a time, that they do not fill the memory together. */
function oneByOne<A extends readonly unknown[], R>(work: (...args: A) => Promise<R>): (...args: A) => Promise<R> {
  let before: Promise<unknown> = Promise.resolve();
  return (...args) => {
    const result = before.then(() => work(...args));
    before = result.catch(() => undefined);
    return result;
  };
}

/** Relative to the current folder where the file lies in it. */
function shortName(file: string): string {
  const relative = path.relative(process.cwd(), file);
  return relative.startsWith('..') ? file : relative;
}
