import type { CurvePoint } from '../../../protocol/reports';
import { accuracy } from '../attack/metrics';
import type { Bounds } from '../gnn/bounds';
import type { GraphModel } from '../gnn/graphModel';
import { argmaxRows, predictBatches } from '../gnn/predict';
import type { GraphBatch } from '../graph/batch';
import type { FeatureLayout, Graph } from '../graph/graph';
import type { FlipProbe } from './flipProbe';
import type { GraphnadOptions } from './graphnadSettings';
import type { Run } from './run';

/** A model with bounds on its activations. */
export interface BoundedModel {
  readonly model: GraphModel;
  readonly bounds: Bounds;
}

/** What every stage of a purification starts from, with the settings that it goes by. */
export interface DefenseContext<Options> {
  /** The suspect model; not changed. */
  readonly suspect: GraphModel;
  readonly clean: readonly Graph[];
  /** The clean graphs, collated once: every epoch asks about them. */
  readonly cleanBatches: readonly GraphBatch[];
  readonly layout: FeatureLayout;
  readonly options: Options;
  readonly run: Run;
  /** Made when it is first asked for; absent where nobody looks at curves. */
  readonly flipProbe?: () => FlipProbe;
}

/** The same for the stages of the robust preset. */
export type PurifyContext = DefenseContext<GraphnadOptions>;

type CleanGraphs = Pick<DefenseContext<unknown>, 'clean' | 'cleanBatches'>;
type ModelInTraining = Pick<BoundedModel, 'model'> & Partial<BoundedModel>;

/** Accuracy on the clean graphs, which training has seen. */
export function cleanAccuracy(graphs: CleanGraphs, subject: ModelInTraining): number {
  return accuracyOf(graphs, cleanPredictions(graphs, subject));
}

/**
 * What the curves say of a model while it is trained: accuracy on the clean graphs and, where it is asked for, the flip
 * ASR of a `FlipProbe`. Neither trains nor selects.
 *
 * @param withAsr it takes about as long as the accuracy
 */
export function trainingFigures(
  context: CleanGraphs & Pick<DefenseContext<unknown>, 'flipProbe'>,
  subject: ModelInTraining,
  withAsr: boolean,
): Pick<CurvePoint, 'accuracy' | 'asr'> {
  const predictions = cleanPredictions(context, subject);
  const asr = withAsr ? context.flipProbe?.().flipAsr(subject.model, predictions, subject) : undefined;
  return { accuracy: accuracyOf(context, predictions), ...(asr !== undefined && { asr }) };
}

function cleanPredictions({ clean, cleanBatches }: CleanGraphs, { model, bounds }: ModelInTraining): Int32Array {
  return argmaxRows(predictBatches(model, cleanBatches, clean.length, { bounds }), model.architecture.classes);
}

function accuracyOf({ clean }: CleanGraphs, predictions: Int32Array): number {
  const classLabels = clean.map((graph) => graph.classLabel);
  return accuracy(predictions, classLabels);
}

/** Compares accuracies, which are quotients of counts: rounding must not decide. */
export function isAtLeast(reached: number, wanted: number): boolean {
  return reached >= wanted - 1e-9;
}
