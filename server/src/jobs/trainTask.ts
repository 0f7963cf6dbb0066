import type { ArchitectureSummary, FeatureChoice, FeatureKind } from '../../../protocol/model';
import { createPyTorchCheckpoint } from '../checkpoint/createCheckpoint';
import { DatasetError } from '../dataset/dataset';
import { requireFiniteWeights } from '../defense/descent';
import { GraphModel } from '../gnn/graphModel';
import { trainClassifier, type TrainSettings } from '../gnn/train';
import { Rng } from '../graph/rng';
import { checkBackend } from './checkBackend';
import { graphsOf } from './cleanData';
import { dataFiles } from './dataFiles';
import { trueMetrics } from './evaluateTask';
import { newArchitecture, type ArchitectureChoice } from './newArchitecture';
import type { BackendChoice, JobContext } from './tasks';
import { loadTrainingData, type TrainingData } from './trainingData';
import { checkTarget, writeWhole, type WriteOptions } from './writeWhole';

/** What a new model is trained on, how, and where it goes. Paths are absolute. */
export interface TrainRun {
  /** Data set folder. */
  readonly data: string;
  /** Default `auto`: node labels, where there are none attributes, and else degrees. */
  readonly features?: FeatureChoice;
  readonly architecture: ArchitectureChoice;
  readonly training: TrainSettings;
  /** The model file to write, a PyTorch state dict. */
  readonly output: string;
  /** Where the report goes as JSON; default: nowhere. */
  readonly report?: string;
  /** Replace existing files. Default false: an existing file is an error. */
  readonly overwrite?: boolean;
  /** Files that the choices here were read from; like the data set, no output may take their place. */
  readonly inputs?: readonly string[];
  /** Graphs held back; default: the last 20% of a seeded permutation. */
  readonly testIds?: readonly number[];
  /** Of the split, the initial weights and everything else that is drawn. Default 0. */
  readonly seed?: number;
  readonly backend?: BackendChoice;
}

/** What was trained and how well it does. Shares are in [0, 1]. */
export interface TrainReport {
  readonly model: string;
  readonly architecture: ArchitectureSummary;
  readonly data: {
    readonly name: string;
    readonly hash: string;
    readonly features: FeatureKind;
    readonly trainGraphs: number;
    readonly testGraphs: number;
  };
  readonly training: TrainSettings;
  readonly seed: number;
  readonly backend: string;
  readonly notes: readonly string[];
  /** Accuracy on the graphs trained on. */
  readonly trainAcc: number;
  /** Accuracy on the graphs held back. */
  readonly acc: number;
}

/** A run that has been looked into: everything is there that training needs. */
export interface PreparedRun {
  readonly data: TrainingData;
  readonly architecture: ArchitectureSummary;
  readonly backend: string;
  readonly notes: readonly string[];
  readonly seed: number;
}

/**
 * Trains a new model and writes it.
 *
 * @throws what `prepareRun` throws, TrainingDivergedError, and the signal's reason
 */
export async function trainModel(run: TrainRun, context: JobContext): Promise<TrainReport> {
  const prepared = await prepareRun(run, []);
  const { data, architecture, seed } = prepared;
  const model = GraphModel.random(architecture, new Rng(seed, 'initial weights'));
  try {
    await trainClassifier(model, graphsOf(data.graphs, data.splits.train), data.layout, {
      ...run.training,
      seed,
      signal: context.signal,
      progress: ({ epoch, epochs }) =>
        context.progress({ stage: 'Model', stageIndex: 0, stageCount: 1, epoch, epochs, fraction: epoch / epochs }),
    });
    const report = trainReport(run, prepared, model);
    await writeModel(run, model, report);
    return report;
  } finally {
    model.dispose();
  }
}

/**
 * Loads what a run needs and makes sure, before the work, that its files can be written.
 *
 * @param others files to be written beside the model and the report
 * @throws OutputError, DatasetError, FeatureMismatchError, SplitError, BackendError, ArchitectureChoiceError
 */
export async function prepareRun(run: TrainRun, others: readonly string[]): Promise<PreparedRun> {
  const { output, report, seed = 0 } = run;
  const files = [output, ...others, ...(report === undefined ? [] : [report])];
  const writing = await writingOf(run);
  for (const [i, file] of files.entries()) await checkTarget(file, { ...writing, otherOutputs: files.slice(0, i) });
  const data = await loadTrainingData(run.data, run.features ?? 'auto', seed, run.testIds);
  if (data.dataset.classNames.length < 2)
    throw new DatasetError(run.data, 'all of its graphs belong to one class, and a classifier needs at least two');
  const ends = { inputs: data.layout.width, classes: data.dataset.classNames.length };
  const architecture = newArchitecture(run.architecture, ends);
  const { backend, notes } = await checkBackend({ backend: run.backend ?? 'auto' });
  return { data, architecture, backend, notes, seed };
}

/**
 * Measures a trained model.
 *
 * @throws TrainingDivergedError for a model that is of no use
 */
export function trainReport(run: TrainRun, prepared: PreparedRun, model: GraphModel): TrainReport {
  requireFiniteWeights(model);
  const { data, architecture, seed, backend, notes } = prepared;
  const { dataset, features, splits } = data;
  return {
    model: run.output,
    architecture,
    data: {
      name: dataset.name,
      hash: dataset.hash,
      features,
      trainGraphs: splits.train.length,
      testGraphs: splits.test.length,
    },
    training: run.training,
    ...{ seed, backend, notes },
    trainAcc: trueMetrics(model, data, splits.train, undefined).acc,
    acc: trueMetrics(model, data, splits.test, undefined).acc,
  };
}

/** Writes a new model as a PyTorch state dict and, where asked for, its report. @throws OutputError */
export async function writeModel(run: TrainRun, model: GraphModel, report: TrainReport): Promise<void> {
  const writing = await writingOf(run);
  await writeWhole(run.output, createPyTorchCheckpoint(model.stateDict()), writing);
  if (run.report !== undefined) await writeWhole(run.report, `${JSON.stringify(report, null, 2)}\n`, writing);
}

/** How the outputs of a run are written: over nothing that it reads. */
export async function writingOf({ data, inputs = [], overwrite }: TrainRun): Promise<WriteOptions> {
  return { overwrite, protect: [...inputs, ...(await dataFiles([data]))] };
}
