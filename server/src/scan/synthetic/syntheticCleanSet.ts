import type { Readout } from '../../../../protocol/model';
import type { GraphModel } from '../../gnn/graphModel';
import { distanceFromTraining } from '../../gnn/normStatistics';
import { argmaxRows, predictLogits } from '../../gnn/predict';
import type { FeatureLayout, Graph } from '../../graph/graph';
import { Rng } from '../../graph/rng';
import { guessReadout } from './guessReadout';
import { notLabels, recordedLabels } from './recordedLabels';
import { syntheticGraphs, syntheticLayout } from './syntheticGraphs';

/** Graphs that stand in for clean ones, and how the model has to be run on them. */
export interface SyntheticCleanSet {
  /** Their classes are those that the model puts them into. */
  readonly graphs: readonly Graph[];
  readonly layout: FeatureLayout;
  readonly readout: Readout;
  /** The model with that readout; whoever asked disposes it. */
  readonly model: GraphModel;
}

/** Graphs of each class, as a scan of 48 clean graphs of two classes has them. */
const wantedOfClass = 24;
/** With fewer of a class there is hardly anything to flip. */
const fewestOfClass = 5;
const drawnAtOnce = 100;
const mostDrawn = 600;
/**
 * Attributes can pass for labels that never occur, but not in the variance that they make: labels and degrees come to
 * less than 1 on the reference models, whatever is made up about them, and centred attributes to more than 4.
 */
const largestVarianceDistance = 2;

/**
 * Makes up graphs to scan a model with, from what its checkpoint says about its training graphs.
 *
 * @param build makes the model with a readout
 * @param readout of the model; guessed where undefined
 * @returns a string where that cannot be done: why, as a clause without a full stop
 */
export function syntheticCleanSet(
  build: (readout: Readout) => GraphModel,
  readout: Readout | undefined,
  seed: number,
): SyntheticCleanSet | string {
  const first = build(readout ?? 'sum');
  const recorded = recordedLabels(first);
  if (typeof recorded === 'string') {
    first.dispose();
    return recorded;
  }
  const rng = new Rng(seed, 'synthetic graphs');
  const layout = syntheticLayout(first.architecture.inputs);
  const trial = syntheticGraphs(recorded, drawnAtOnce, rng);
  if ((distanceFromTraining(first, trial, layout)?.variance ?? 0) > largestVarianceDistance) {
    first.dispose();
    return notLabels;
  }
  const settled = readout ?? guessReadout(first, trial, layout);
  const model = settled === first.architecture.readout ? first : build(settled);
  if (model !== first) first.dispose();

  const { classes } = model.architecture;
  const byClass: Graph[][] = Array.from({ length: classes }, () => []);
  for (let drawn = 0; drawn < mostDrawn && byClass.some(({ length }) => length < wantedOfClass); drawn += drawnAtOnce) {
    const candidates = syntheticGraphs(recorded, drawnAtOnce, rng);
    argmaxRows(predictLogits(model, candidates, layout), classes).forEach((classLabel, i) => {
      if (byClass[classLabel].length < wantedOfClass) byClass[classLabel].push({ ...candidates[i], classLabel });
    });
  }
  if (byClass.filter(({ length }) => length >= fewestOfClass).length < 2) {
    model.dispose();
    return 'the model puts nearly all graphs that were made up for it into one class';
  }
  return { graphs: byClass.flat(), layout, readout: settled, model };
}
