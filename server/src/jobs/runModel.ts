import type { ArchitectureOverride } from '../../../protocol/manifest';
import type { FeatureChoice } from '../../../protocol/model';
import { GraphModel } from '../gnn/graphModel';
import { settleArchitecture } from '../gnn/settleArchitecture';
import type { UnsettledArchitectureError } from '../gnn/unrecognised';
import { makeSplits, type Splits } from '../graph/splits';
import type { Backend } from '../tensor/backend';
import { checkBackend } from './checkBackend';
import { graphsOf, loadCleanData, type CleanData } from './cleanData';
import { readModelFile, recogniseModel, type LoadedModel, type ModelFile } from './loadModel';
import type { BackendChoice } from './tasks';

/** What every job that runs a model is told. */
export interface ModelRun {
  /** Path of the model file. */
  readonly model: string;
  /** Path of a data set's folder. */
  readonly data: string;
  readonly features?: FeatureChoice;
  readonly architecture?: ArchitectureOverride;
  readonly backend?: BackendChoice;
  readonly seed?: number;
  /** Seed of the split where it is not `seed`. */
  readonly splitSeed?: number;
  readonly holdingRate?: number;
  /** Take about so many clean graphs, whatever share that is; `holdingRate` and `cleanIds` come first. */
  readonly cleanGraphs?: number;
  readonly cleanIds?: readonly number[];
  readonly testIds?: readonly number[];
}

/** A model ready to run on data that fit it. `model` holds tensors: whoever opens it disposes it. */
export interface RunnableModel {
  readonly file: LoadedModel;
  readonly data: CleanData;
  readonly splits: Splits;
  readonly model: GraphModel;
  readonly notes: readonly string[];
  /** Why no verdict and no purification can rest on what was assumed of the model; undefined where they can. */
  readonly unsettled?: UnsettledArchitectureError;
  /** Whether the readout is assumed, and the clean labels do not settle it. */
  readonly readoutIsGuess: boolean;
  /** Name of the backend in use. */
  readonly backend: Backend;
}

/**
 * Reads a model and its data and makes it run. Where the readout cannot be seen in the tensors, the graphs of the clean
 * subset settle it.
 *
 * @param read the model file, where the caller has read it already
 * @throws CheckpointError, UnrecognisedArchitectureError, DatasetError, FeatureMismatchError, SplitError, BackendError
 */
export async function openModel(run: ModelRun, read?: ModelFile): Promise<RunnableModel> {
  const file = recogniseModel(read ?? (await readModelFile(run.model)), run.architecture);
  const data = await loadCleanData(run.data, file.recognition.architecture, run.features);
  const splits = makeSplits(
    data.graphs.map((graph) => graph.classLabel),
    {
      seed: run.splitSeed ?? run.seed ?? 0,
      holdingRate: holdingRate(run, data),
      cleanIds: run.cleanIds,
      testIds: run.testIds,
      dataset: run.data,
    },
  );
  const { backend, notes } = await checkBackend({ backend: run.backend ?? 'auto' });
  const clean = graphsOf(data.graphs, splits.clean);
  const recognition = settleArchitecture(file.checkpoint.tensors, file.recognition, clean, data.layout);
  const model = GraphModel.fromCheckpoint(file.checkpoint.tensors, recognition);
  const { unsettled, readoutIsGuess } = recognition;
  const all = [...recognition.notes, ...embeddedNotes(data), ...notes];
  return { file, data, splits, model, notes: all, unsettled, readoutIsGuess, backend };
}

/** What triggers set where nodes and edges have whole numbers that a model embeds. */
function embeddedNotes({ layout: { rows, edgeRows, labelColumns }, dataset }: CleanData): string[] {
  if (rows === undefined) return [];
  const common = edgeRows?.values.subarray(0, edgeRows.width).join(', ');
  const ofEdges =
    common === undefined ? '' : ` Edges that a trigger adds get the most frequent numbers of edges, ${common}.`;
  return [
    `Labels of triggers are rows of whole numbers: label 0 is the first of the ${labelColumns} distinct rows that nodes of ${dataset.name} have, in ascending order.${ofEdges}`,
  ];
}

function holdingRate(run: ModelRun, data: CleanData): number | undefined {
  if (run.holdingRate !== undefined || run.cleanGraphs === undefined) return run.holdingRate;
  return Math.min(1, run.cleanGraphs / Math.max(1, 0.8 * data.graphs.length));
}
