import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import type { ArchitectureSummary, FeatureKind } from '../../../protocol/model';
import type { DataFit } from '../jobs/fitData';
import type { WorkerPool } from '../jobs/pool';
import { runJob } from '../jobs/workerTasks';

/** A data set of the workspace, as it stands to one model. */
export interface RankedData extends DataFit {
  readonly folder: string;
  /** Why nothing is known about it: the process that read it died. */
  readonly failure?: string;
}

type Shape = Pick<ArchitectureSummary, 'inputs' | 'classes'>;

/** Finds the clean data for a model among the data sets of the workspace. */
export class DataDiscovery {
  /** Answers by data set, its version and the model's shape. */
  private readonly fits = new Map<string, Promise<DataFit>>();

  /** @param folders lists the folders that hold a data set now */
  constructor(
    private readonly pool: WorkerPool,
    private readonly folders: () => readonly string[],
  ) {}

  /** Every data set of the workspace: those that fit first, best first. */
  async rank(model: string, architecture: Shape | undefined): Promise<RankedData[]> {
    const found = await Promise.all(
      this.folders().map(async (folder) => ({ folder, ...(await this.fit(folder, architecture)) })),
    );
    return rankData(model, found);
  }

  private async fit(folder: string, architecture: Shape | undefined): Promise<Omit<RankedData, 'folder'>> {
    const key = JSON.stringify([folder, await versionOf(folder), architecture?.inputs, architecture?.classes]);
    const known = this.fits.get(key);
    if (known) return known;
    const task = { kind: 'fit-data', data: folder, architecture } as const;
    const answer = runJob(this.pool, task, { priority: 'user' });
    this.fits.set(key, answer);
    answer.catch(() => this.fits.delete(key));
    return answer.catch((error: Error) => ({
      name: path.basename(folder),
      graphs: 0,
      fitting: [],
      reason: error.message,
      failure: error.message,
    }));
  }
}

/**
 * Sorts data sets for a model: those that fit come first; among them those whose name is in the model's file name,
 * then those that fit by labels or attributes rather than by degree or number alone, then the nearest in the folder
 * tree, then by path.
 */
export function rankData(model: string, data: readonly RankedData[]): RankedData[] {
  const modelName = path.basename(model).toLowerCase();
  const keys = new Map(
    data.map((entry) => [
      entry,
      [
        entry.fitting.length > 0 ? 0 : 1,
        entry.name !== '' && modelName.includes(entry.name.toLowerCase()) ? 0 : 1,
        entry.fitting.some(isSpecific) ? 0 : 1,
        path.relative(path.dirname(model), entry.folder).split(path.sep).length,
      ],
    ]),
  );
  return [...data].sort((a, b) => compare(keys.get(a) ?? [], keys.get(b) ?? []) || (a.folder < b.folder ? -1 : 1));
}

/** Degrees and constants fit by chance more easily than labels and attributes do. */
function isSpecific(kind: FeatureKind): boolean {
  return kind !== 'degree' && kind !== 'constant';
}

function compare(a: readonly number[], b: readonly number[]): number {
  return a.map((value, i) => value - b[i]).find((difference) => difference !== 0) ?? 0;
}

/** Changes when a file of the folder does. */
async function versionOf(folder: string): Promise<string> {
  const names = (await readdir(folder).catch((): string[] => [])).filter((name) => name.endsWith('.txt')).sort();
  const versions = await Promise.all(
    names.map(async (name) => {
      const found = await stat(path.join(folder, name)).catch(() => undefined);
      return `${name}:${found?.size}:${found?.mtimeMs}`;
    }),
  );
  return versions.join();
}
