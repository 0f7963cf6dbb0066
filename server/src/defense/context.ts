import { accuracy } from '../attack/metrics';
import type { Bounds } from '../gnn/bounds';
import type { GraphModel } from '../gnn/graphModel';
import { argmaxRows, predictBatches } from '../gnn/predict';
import type { GraphBatch } from '../graph/batch';
import type { FeatureLayout, Graph } from '../graph/graph';
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
}

/** The same for the stages of the robust preset. */
export type PurifyContext = DefenseContext<GraphnadOptions>;

/** Accuracy on the clean graphs, which training has seen. */
export function cleanAccuracy(
  { clean, cleanBatches }: Pick<DefenseContext<unknown>, 'clean' | 'cleanBatches'>,
  { model, bounds }: { readonly model: GraphModel; readonly bounds?: Bounds },
): number {
  const logits = predictBatches(model, cleanBatches, clean.length, { bounds });
  const classLabels = clean.map((graph) => graph.classLabel);
  return accuracy(argmaxRows(logits, model.architecture.classes), classLabels);
}

/** Compares accuracies, which are quotients of counts: rounding must not decide. */
export function isAtLeast(reached: number, wanted: number): boolean {
  return reached >= wanted - 1e-9;
}
