import path from 'node:path';
import type { ArchitectureSummary, FeatureKind } from '../../../protocol/model';
import { DatasetError } from '../dataset/dataset';
import { FeatureMismatchError, featureWidths, kindsFor, type FeatureWidths } from '../dataset/features';
import { loadDataset } from '../dataset/loadDataset';
import { wholeColumns, type ModelFeatures, type WholeColumns } from '../dataset/wholeColumns';

/** Finds out whether a data set fits a model. */
export interface FitDataTask {
  readonly kind: 'fit-data';
  /** Absolute path of a data set's folder. */
  readonly data: string;
  /** What the model takes and gives; nothing fits where it is not known. */
  readonly architecture?: Pick<ArchitectureSummary, 'classes'> & ModelFeatures;
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
  return fitOf(await readShape(data), architecture);
}

/** What has to be known of a data set to tell whether it fits a model. */
export interface DataShape {
  readonly name: string;
  readonly graphs: number;
  readonly classes: number;
  readonly widths: FeatureWidths;
  /** Whole numbers that models could embed. Default: none. */
  readonly columns?: WholeColumns;
  /** Why it cannot be read. */
  readonly failure?: string;
}

/** Reads a data set's shape; what is wrong with it is part of the answer. */
export async function readShape(folder: string): Promise<DataShape> {
  try {
    const dataset = await loadDataset(folder);
    const { name, classNames, rawGraphs } = dataset;
    const [widths, columns] = [featureWidths(dataset), wholeColumns(dataset)];
    return { name, graphs: rawGraphs.length, classes: classNames.length, widths, columns };
  } catch (error) {
    if (!(error instanceof DatasetError)) throw error;
    return { name: path.basename(folder), graphs: 0, classes: 0, widths: {}, failure: error.message };
  }
}

/** Compares a data set with a model. */
export function fitOf(
  { name, graphs, classes, widths, columns = {}, failure }: DataShape,
  model: FitDataTask['architecture'],
): DataFit {
  const misfit = (reason: string): DataFit => ({ name, graphs, fitting: [], reason });
  if (failure !== undefined) return misfit(failure);
  if (!model) return misfit('the architecture of the model is not known');
  if (classes !== model.classes)
    return misfit(`the model tells ${model.classes} classes apart; ${name} has ${classes}`);
  const fitting = kindsFor(widths, columns, model);
  if (fitting.length > 0) return { name, graphs, fitting };
  const mismatch = model.embeddings
    ? FeatureMismatchError.forEmbedding(name, columns, model)
    : FeatureMismatchError.forWidths(name, widths, model.inputs);
  return misfit(mismatch.message);
}
