import path from 'node:path';
import type { FeatureKind } from '../../../protocol/model';
import type { DataFit, FitDataTask } from '../jobs/fitData';
import { datasetVersion } from './fileVersions';
import { repeatJob, type JobTools } from './jobs';

/** A data set of the workspace, as it stands to one model. */
export interface RankedData extends DataFit {
  readonly folder: string;
  /** Why nothing is known about it: the process that read it died. */
  readonly failure?: string;
}

type Fit = Omit<RankedData, 'folder'>;
type Shape = NonNullable<FitDataTask['architecture']>;

/** Finds the clean data for a model among the data sets of the workspace. */
export class DataDiscovery {
  /** Answers by data set, its version and the model's shape. */
  private readonly fits = new Map<string, Promise<Fit>>();

  /** @param folders answers the folders that hold a data set, with an id of what is in them, once they are known */
  constructor(
    private readonly tools: JobTools,
    private readonly folders: () => Promise<ReadonlyMap<string, string>>,
  ) {}

  /** Every data set of the workspace: those that fit first, best first. */
  async rank(model: string, architecture: Shape | undefined): Promise<RankedData[]> {
    for (;;) {
      const folders = [...(await this.folders())];
      const found = await Promise.all(
        folders.map(async ([folder, version]) => ({ folder, ...(await this.fit(folder, version, architecture)) })),
      );
      // Data sets that came or changed meanwhile are told of to those who wait for data, not to those who look at them.
      if (isSame(folders, [...(await this.folders())])) return rankData(model, found);
    }
  }

  /** Compares one data set with a model, or tells what it is; it need not be in the workspace. */
  async compare(folder: string, architecture?: Shape): Promise<DataFit> {
    const version = (await this.folders()).get(folder) ?? (await datasetVersion(folder)) ?? '';
    return this.fit(folder, version, architecture);
  }

  private fit(folder: string, version: string, architecture: Shape | undefined): Promise<Fit> {
    const { inputs, classes, embeddings, edgeEmbeddings } = architecture ?? {};
    const key = JSON.stringify([folder, version, inputs, classes, embeddings, edgeEmbeddings]);
    const known = this.fits.get(key);
    if (known) return known;
    const task = { kind: 'fit-data', data: folder, architecture } as const;
    const answer = repeatJob(this.tools, task, { priority: 'lookup' }).catch((error: Error) => {
      this.fits.delete(key); // the next to ask tries again
      return { name: path.basename(folder), graphs: 0, fitting: [], reason: error.message, failure: error.message };
    });
    this.fits.set(key, answer);
    return answer;
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

type Folders = readonly (readonly [folder: string, version: string])[];

function isSame(a: Folders, b: Folders): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** Degrees and constants fit by chance more easily than labels and attributes do. */
function isSpecific(kind: FeatureKind): boolean {
  return kind !== 'degree' && kind !== 'constant';
}

function compare(a: readonly number[], b: readonly number[]): number {
  return a.map((value, i) => value - b[i]).find((difference) => difference !== 0) ?? 0;
}
