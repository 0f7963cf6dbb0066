import type { GraphModel } from '../gnn/graphModel';
import { argmaxRows, predictLogits } from '../gnn/predict';
import type { FeatureLayout, Graph } from '../graph/graph';
import { mean } from './statistics';

/** Below this the thresholds do not hold (docs/detection.md). */
const fewestCleanGraphs = 10;

/**
 * Why a clean set does not allow a verdict about a model, as a clause without a full stop; undefined where it does.
 *
 * The model's own predictions are the check that the graphs are of its kind: on graphs of another kind with the right
 * feature width, scores mean nothing.
 */
export function unsuitableCleanSet(
  model: GraphModel,
  clean: readonly Graph[],
  layout: FeatureLayout,
): string | undefined {
  const { classes } = model.architecture;
  if (clean.length < fewestCleanGraphs) {
    return `${clean.length === 1 ? 'only 1 clean graph' : `only ${clean.length} clean graphs`}, and at least ${fewestCleanGraphs} are needed`;
  }
  const present = new Set(clean.map((graph) => graph.classLabel));
  const largest = Math.max(...present);
  if (largest >= classes) {
    return `the clean graphs have a class ${largest} (counted from 0), but the model tells only ${classes} classes apart`;
  }
  if (present.size < 2) return 'all clean graphs belong to one class, and graphs of at least two are needed';
  const accuracy = balancedAccuracy(argmaxRows(predictLogits(model, clean, layout), classes), clean);
  const guessing = 1 / present.size;
  if (accuracy <= guessing) {
    return (
      `the model gets ${Math.round(100 * accuracy)}% of the clean graphs right on average over classes, where guessing ` +
      `gives ${Math.round(100 * guessing)}%: they do not seem to be graphs of the kind it was trained on`
    );
  }
  return undefined;
}

/** Mean over the classes that occur of the share of their graphs that are predicted right. */
function balancedAccuracy(predictions: Int32Array, graphs: readonly Graph[]): number {
  const hits = new Map<number, number[]>();
  graphs.forEach(({ classLabel }, i) => {
    const list = hits.get(classLabel) ?? [];
    list.push(predictions[i] === classLabel ? 1 : 0);
    hits.set(classLabel, list);
  });
  return mean([...hits.values()].map(mean));
}
