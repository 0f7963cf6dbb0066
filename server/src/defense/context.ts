import { accuracy } from '../attack/metrics';
import type { Bounds } from '../gnn/bounds';
import type { GinModel } from '../gnn/gin';
import { argmaxRows, predictLogits } from '../gnn/predict';
import type { FeatureLayout, Graph } from '../graph/graph';
import type { GraphnadOptions } from './options';
import type { Run } from './run';

/** A model with bounds on its activations. */
export interface BoundedModel {
  readonly model: GinModel;
  readonly bounds: Bounds;
}

/** What every stage of a purification starts from. */
export interface PurifyContext {
  /** The suspect model; not changed. */
  readonly suspect: GinModel;
  readonly clean: readonly Graph[];
  readonly layout: FeatureLayout;
  readonly options: GraphnadOptions;
  readonly run: Run;
}

/** Accuracy on the clean graphs, which training has seen. */
export function cleanAccuracy(
  { clean, layout }: PurifyContext,
  { model, bounds }: { readonly model: GinModel; readonly bounds?: Bounds },
): number {
  const predicted = argmaxRows(predictLogits(model, clean, layout, { bounds }), model.architecture.classes);
  const classLabels = clean.map((graph) => graph.classLabel);
  return accuracy(predicted, classLabels);
}
