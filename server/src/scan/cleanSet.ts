import type { GraphModel } from '../gnn/graphModel';
import { distanceFromTraining } from '../gnn/normStatistics';
import { argmaxRows, predictLogits } from '../gnn/predict';
import type { FeatureLayout, Graph } from '../graph/graph';
import { mean } from './statistics';

/** Below this the thresholds do not hold (docs/detection.md). */
const fewestCleanGraphs = 10;
/**
 * Clean sets further than this from the training graphs are not of their kind. Over the reference models clean subsets
 * come to 0.41 at most and ten graphs of them to 0.64 once and else to 0.52; of random labels, random graphs and other
 * data sets all but one come to more (docs/results/scan-without-data.md).
 */
const furthestFromTraining = 0.55;

/**
 * Why a clean set does not allow a verdict about a model, as a clause without a full stop; undefined where it does.
 *
 * On graphs of another kind with the right feature width, scores mean nothing. Two checks find most of them: the
 * statistics that the first BatchNorm recorded in training, where there is one, and the model's own predictions.
 *
 * @param unsettled what may be wrong with the model rather than with graphs that it gets wrong, as such a clause
 */
export function unsuitableCleanSet(
  model: GraphModel,
  clean: readonly Graph[],
  layout: FeatureLayout,
  unsettled?: string,
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
  const distance = distanceFromTraining(model, clean, layout)?.mean;
  if (distance !== undefined && distance > furthestFromTraining) {
    return (
      `the clean graphs lie ${distance.toFixed(1)} standard deviations from what the model's first layer recorded in ` +
      'training: they are not graphs of the kind it was trained on'
    );
  }
  if (unsettled !== undefined) return unsettled;
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
