import type { ScanReport } from '../../../../protocol/reports';
import type { DataFit, FitDataTask } from '../fitData';
import { receiptsBeside } from '../purifiedWith';
import type { ScanTask } from '../tasks';
import type { WorkerResult } from '../workerTasks';
import type { Check } from './checks';
import { ContentHashes, type HashOptions } from './contentHashes';
import type { CachedResult, ResultKey } from './entry';
import type { ResultCache } from './resultCache';
import { isDataFit, isScanReport } from './resultChecks';

/** Jobs whose results depend on nothing but the content of files and the settings in the task. */
export type RepeatableTask = ScanTask | FitDataTask;

export interface StoredResults {
  readonly results: ResultCache;
  /** See `programId`: results of another program are not taken. */
  readonly program: string;
}

export interface ThroughOptions {
  /** Compute in any case, and keep what comes out. */
  readonly fresh?: boolean;
}

/**
 * Results of jobs, by the content of the files they read (SHA-256), their settings and the program: a file that is
 * moved or copied keeps its results, one that is changed has none.
 */
export class JobCache {
  private readonly hashes = new ContentHashes();
  private readonly keeping = new Set<Promise<void>>();

  /** @param stored where results are kept; answers undefined where there is no such place (now) */
  constructor(private readonly stored: () => Promise<StoredResults | undefined>) {}

  /**
   * Takes the result of a job from the cache, or computes and keeps it.
   *
   * @throws what `compute` throws; a cache that does not work costs time and nothing else
   */
  async through<T extends RepeatableTask>(
    task: T,
    compute: () => Promise<WorkerResult<T>>,
    { fresh = false }: ThroughOptions = {},
  ): Promise<WorkerResult<T>> {
    const stored = isRepeatable(task) ? await this.stored() : undefined;
    if (stored === undefined) return compute();
    // Before the job reads the files, even where nothing is taken: they may change while it runs.
    const key = await this.keyOf(task, stored.program, { atOnce: fresh });
    const known = fresh || key === undefined ? undefined : await take(task, stored.results, key);
    if (known) return known;
    const result = await compute();
    const keeping = this.keep(task, result, stored.program, key);
    this.keeping.add(keeping);
    void keeping.finally(() => this.keeping.delete(keeping));
    return result;
  }

  /** Resolves when everything that was to be kept is on disk. */
  async settled(): Promise<void> {
    await Promise.all(this.keeping);
  }

  /** @param before key of the files before the job read them */
  private async keep<T extends RepeatableTask>(
    task: T,
    result: WorkerResult<T>,
    program: string,
    before: ResultKey | undefined,
  ): Promise<void> {
    const kept = withoutPaths(result);
    if (before === undefined || names(kept, task)) return;
    // A file may have changed while the job ran, and there may be no place for results any more.
    const after = await this.keyOf(task, program);
    if (JSON.stringify(after) !== JSON.stringify(before)) return;
    const stored = await this.stored();
    await stored?.results.put(before, kept, checkOf(task, before));
  }

  /** @returns undefined for files that cannot be read: the job says why */
  private async keyOf(task: RepeatableTask, program: string, options?: HashOptions): Promise<ResultKey | undefined> {
    try {
      const data = task.data === undefined ? undefined : await this.hashes.dataset(task.data, options);
      const model = task.kind === 'scan' ? await this.hashes.model(task.model, options) : undefined;
      return { ...inOrder(task), model, data, receipts: await this.receiptsOf(task, options), program };
    } catch {
      return undefined;
    }
  }

  /** What lies beside the model file, and has a say where its behaviour is looked at. */
  private async receiptsOf(task: RepeatableTask, options?: HashOptions): Promise<string[] | undefined> {
    if (task.kind !== 'scan' || task.data === undefined || task.codeOnly === true) return undefined;
    const hashes: string[] = [];
    for (const file of await receiptsBeside(task.model)) {
      hashes.push(await this.hashes.file(file, options));
    }
    return hashes;
  }
}

/** TensorFlow comes from outside, and which one it is cannot be told without loading it. */
function isRepeatable(task: RepeatableTask): boolean {
  return task.kind !== 'scan' || task.codeOnly === true || task.backend !== 'tensorflow';
}

function inOrder(task: RepeatableTask): ResultKey {
  return Object.fromEntries(Object.entries(task).sort(([a], [b]) => (a < b ? -1 : 1)));
}

async function take<T extends RepeatableTask>(
  task: T,
  results: ResultCache,
  key: ResultKey,
): Promise<WorkerResult<T> | undefined> {
  const known = await results.get(key, checkOf(task, key));
  return known && withPaths(task, known);
}

/** Wants results of the right type, and reports on the very file that the key names, whichever the job was given. */
function checkOf<T extends RepeatableTask>(task: T, { model }: ResultKey): Check<WorkerResult<T>> {
  const isReport = (value: unknown): value is ScanReport => isScanReport(value) && value.sha256 === model;
  return (task.kind === 'scan' ? isReport : isDataFit) as Check<WorkerResult<T>>;
}

/** A result without the places of its files, which are another time's. */
function withoutPaths<R extends ScanReport | DataFit>(result: R): R {
  if (!('file' in result)) return result;
  const { settings } = result;
  return { ...result, file: '', settings: { ...settings, data: settings.data === undefined ? undefined : '' } };
}

function withPaths<T extends RepeatableTask>(
  task: T,
  { result, computed }: CachedResult<WorkerResult<T>>,
): WorkerResult<T> {
  if (task.kind !== 'scan' || !('file' in result)) return result;
  const { model, data } = task;
  return { ...result, file: model, settings: { ...result.settings, data }, cached: { computed } };
}

/** Whether a result speaks of its files by their places, as errors do. */
function names(result: ScanReport | DataFit, task: RepeatableTask): boolean {
  const text = JSON.stringify(result);
  const places = [task.data, task.kind === 'scan' ? task.model : undefined].filter((place) => place !== undefined);
  return places.some((place) => text.includes(JSON.stringify(place).slice(1, -1)));
}
