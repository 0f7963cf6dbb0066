import path from 'node:path';
import type { ArchitectureSummary, FeatureKind } from '../../../protocol/model';
import { DatasetError } from '../dataset/dataset';
import { FeatureMismatchError, fittingFeatureKinds } from '../dataset/features';
import { loadDataset } from '../dataset/loadDataset';

/** Finds out whether a data set fits a model. */
export interface FitDataTask {
  readonly kind: 'fit-data';
  /** Absolute path of a TU folder. */
  readonly data: string;
  /** What the model takes and gives; nothing fits where it is not known. */
  readonly architecture?: Pick<ArchitectureSummary, 'inputs' | 'classes'>;
}

export interface DataFit {
  readonly name: string;
  /** Number of graphs; 0 where the data set cannot be read. */
  readonly graphs: number;
  /** Feature kinds whose width is that of the model's first layer; empty where the data set does not fit. */
  readonly fitting: readonly FeatureKind[];
  /** Why it does not fit. */
  readonly reason?: string;
}

/** Reads a data set and compares it with a model. What is wrong with it is part of the answer. */
export async function fitData({ data, architecture }: FitDataTask): Promise<DataFit> {
  try {
    const dataset = await loadDataset(data);
    const { name, classNames } = dataset;
    const fit = { name, graphs: dataset.rawGraphs.length };
    if (!architecture) return { ...fit, fitting: [], reason: 'the architecture of the model is not known' };
    const { inputs, classes } = architecture;
    if (classNames.length !== classes) {
      return {
        ...fit,
        fitting: [],
        reason: `the model tells ${classes} classes apart; ${name} has ${classNames.length}`,
      };
    }
    const fitting = fittingFeatureKinds(dataset, inputs);
    if (fitting.length > 0) return { ...fit, fitting };
    return { ...fit, fitting, reason: FeatureMismatchError.forDataset(dataset, inputs).message };
  } catch (error) {
    if (!(error instanceof DatasetError)) throw error;
    return { name: path.basename(data), graphs: 0, fitting: [], reason: error.message };
  }
}
