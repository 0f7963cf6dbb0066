import type {
  AttentionChange,
  AttentionGraph,
  AttentionGraphSummary,
  AttentionOverview,
  AttentionViewName,
} from '../../../protocol/attention';
import type { ArchitectureOverride } from '../../../protocol/manifest';
import type { FeatureChoice } from '../../../protocol/model';
import { embedsAlike } from '../dataset/wholeColumns';
import { GraphModel } from '../gnn/graphModel';
import { settleArchitecture } from '../gnn/settleArchitecture';
import { SplitError } from '../graph/splits';
import { manyCleanGraphs } from '../scan/calibrationFor';
import { usualAttention } from '../scan/graphAttention';
import { readGraphs } from './attentionReadings';
import { triggeredVersions, type FoundEarlier, type TriggeredVersions } from './attentionTriggers';
import { graphsOf } from './cleanData';
import { readModelFile, recogniseModel, type LoadedModel } from './loadModel';
import { openModel, type RunnableModel } from './runModel';
import type { BackendChoice, JobContext } from './tasks';

/** Compares the attention of two models on clean graphs, or that of one model without and with a trigger. */
export interface AttentionTask {
  readonly kind: 'attention';
  /** Absolute path of the model before. */
  readonly model: string;
  /** Absolute path of the model after; absent: the model before is compared with itself. */
  readonly after?: string;
  /** Absolute path of a TU folder. */
  readonly data: string;
  readonly features?: FeatureChoice;
  /** Parts of the architecture the user vouches for, of both models. */
  readonly architecture?: ArchitectureOverride;
  /** Data set ids of the graphs known to be clean, which are looked at; a sample of all where absent. */
  readonly cleanIds?: readonly number[];
  readonly seed?: number;
  readonly backend?: BackendChoice;
  /** What a scan of the model before found; a trigger is searched for where it is absent, or of other files. */
  readonly found?: FoundEarlier;
  /** Absolute path of a trigger file, instead. */
  readonly trigger?: string;
  /** Data set id of a graph to look at besides those that a scan would. */
  readonly graph?: number;
}

/** All that a comparison found out, so that stepping through its graphs computes nothing. */
export interface AttentionResult {
  readonly overview: AttentionOverview;
  /** Every graph in every view that it has. */
  readonly graphs: readonly AttentionGraph[];
}

/** Two models whose attention cannot be set side by side: names the second file, and why. */
class IncomparableModelsError extends Error {
  override readonly name = 'IncomparableModelsError';

  constructor(
    readonly file: string,
    readonly reason: string,
  ) {
    super(`${file}: ${reason}`);
  }
}

/** The search for a trigger takes nearly all of the time. */
const searchShare = 0.95;
const stage = 'Attention';

/**
 * Computes attention (p = 2, degree weighting `propagate`) on the clean graphs that a scan would look at, at most 128,
 * as they are and with the trigger that the scan found.
 *
 * @throws what `openModel` throws, SplitError for a graph that does not exist, IncomparableModelsError,
 *   TriggerFileError, and the signal's reason once aborted
 */
export async function compareAttention(task: AttentionTask, context: JobContext): Promise<AttentionResult> {
  const { seed = 0 } = task;
  const { signal } = context;
  const progress = (fraction: number): void => context.progress({ stage, stageIndex: 0, stageCount: 1, fraction });
  const opened = await openModel({ ...task, seed, cleanGraphs: manyCleanGraphs });
  let other: OtherModel | undefined;
  try {
    other = task.after === undefined ? undefined : await openOther(task.after, opened, task.architecture);
    const source = { found: task.found, file: task.trigger };
    const ids = idsToLookAt(opened, task);
    const triggered = await triggeredVersions(opened, ids, source, {
      ...{ seed, signal },
      progress: (fraction) => progress(searchShare * fraction),
    });
    if (other === undefined && (triggered?.versions.size ?? 0) === 0) {
      throw new IncomparableModelsError(task.model, 'there is no trigger to compare the model with itself by');
    }
    signal.throwIfAborted();
    const graphs = readGraphs(opened, other?.model, ids, triggered);
    progress(1);
    return { overview: overviewOf(opened, task.data, other, triggered, graphs), graphs };
  } finally {
    other?.model.dispose();
    opened.model.dispose();
  }
}

/** @throws SplitError */
function idsToLookAt({ data, splits }: RunnableModel, { graph, data: folder }: AttentionTask): number[] {
  if (graph === undefined) return splits.clean;
  const count = data.graphs.length;
  if (graph >= count) throw new SplitError(`graph ${graph} does not exist: ${folder} has ${count}`, [graph]);
  return [...new Set([...splits.clean, graph])].sort((a, b) => a - b);
}

interface OtherModel {
  readonly file: LoadedModel;
  readonly model: GraphModel;
  readonly notes: readonly string[];
}

async function openOther(
  path: string,
  { model: { architecture: before }, data, splits }: RunnableModel,
  override: ArchitectureOverride | undefined,
): Promise<OtherModel> {
  const file = recogniseModel(await readModelFile(path), override);
  for (const [key, what] of mustAgree) {
    const own = file.recognition.architecture[key];
    if (own === before[key]) continue;
    throw new IncomparableModelsError(path, `it has ${own} ${what}, and the model it is compared with ${before[key]}`);
  }
  if (!embedsAlike(file.recognition.architecture, before)) {
    throw new IncomparableModelsError(path, 'it embeds other numbers than the model it is compared with');
  }
  const clean = graphsOf(data.graphs, splits.clean);
  const recognition = settleArchitecture(file.checkpoint.tensors, file.recognition, clean, data.layout);
  const model = GraphModel.fromCheckpoint(file.checkpoint.tensors, recognition);
  return { file, model, notes: recognition.notes };
}

const mustAgree = [
  ['inputs', 'feature columns'],
  ['classes', 'classes'],
  ['layers', 'layers'],
] as const;

function overviewOf(
  { file, data, model, notes }: RunnableModel,
  folder: string,
  other: OtherModel | undefined,
  triggered: TriggeredVersions | undefined,
  graphs: readonly AttentionGraph[],
): AttentionOverview {
  const { power, weighting } = usualAttention;
  const ranked = (view: AttentionViewName): number[] =>
    graphs
      .filter((graph) => graph.view === view)
      .sort((a, b) => b.change - a.change || a.id - b.id)
      .map(({ id }) => id);
  return {
    models: [file, ...(other ? [other.file] : [])].map(({ path, sha256 }) => ({
      ...{ file: path, sha256 },
      layers: model.architecture.layers,
    })),
    data: { folder, hash: data.dataset.hash, features: data.features },
    classNames: data.dataset.classNames,
    measure: { power, weighting },
    trigger: triggered?.trigger,
    graphs: summaries(graphs),
    ranked: { clean: ranked('clean'), triggered: ranked('triggered') },
    notes: [
      ...new Set([...notes, ...(other?.notes ?? [])]),
      ...(triggered ? [] : ['No trigger can be tried on these clean graphs, so they are looked at as they are.']),
    ],
  };
}

function summaries(graphs: readonly AttentionGraph[]): AttentionGraphSummary[] {
  const byId = new Map<number, AttentionGraphSummary>();
  for (const { id, classLabel, view, change, before, after } of graphs) {
    const seen: AttentionChange = { change, before: before.predicted, after: after.predicted };
    const nodes = Math.min(before.labels.length, after.labels.length);
    byId.set(id, { id, classLabel, nodes, ...byId.get(id), [view]: seen });
  }
  return [...byId.values()].sort((a, b) => a.id - b.id);
}
