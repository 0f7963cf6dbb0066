import type { Graph } from '../graph/graph';
import type { Rng } from '../graph/rng';
import { injectTrigger } from './inject';
import type { Trigger } from './trigger';

export interface PoisoningOptions {
  readonly trigger: Trigger;
  /** Class that triggered graphs are to be predicted as. */
  readonly target: number;
  /** Poisoning rate: share of the training graphs that get the trigger and the target's label, in (0, 1]. */
  readonly rate: number;
}

export interface PoisonedTrainingSet {
  /** The training graphs in their order, poisoned ones changed. */
  readonly graphs: Graph[];
  /** Indices of the poisoned graphs, ascending. */
  readonly poisoned: number[];
}

/**
 * Poisons a training set: puts the trigger into floor(rate * graphs) graphs of other classes and gives them the
 * target's label. Only graphs larger than the trigger are taken, and fewer where there are not enough.
 *
 * @throws RangeError for a rate outside (0, 1], or where no graph can be poisoned
 */
export function poisonTrainingSet(graphs: readonly Graph[], options: PoisoningOptions, rng: Rng): PoisonedTrainingSet {
  const { trigger, target, rate } = options;
  const able = [...graphs.keys()].filter((id) => canBeAttacked(graphs[id], trigger, target));
  const poisoned = choosePoisoned(able, poisonedCount(graphs.length, rate), rng);
  const triggered = poisoned.map((id) => injectTrigger(graphs[id], trigger, rng));
  return { graphs: withPoison(graphs, poisoned, triggered, target), poisoned };
}

/**
 * Number of graphs that a poisoning rate stands for.
 *
 * @throws RangeError for a rate outside (0, 1]
 */
export function poisonedCount(trainingGraphs: number, rate: number): number {
  if (!(rate > 0 && rate <= 1)) {
    throw new RangeError(`the poisoning rate must lie above 0 and at most at 1, got ${rate}`);
  }
  return Math.floor(rate * trainingGraphs);
}

/**
 * Draws the graphs that are poisoned.
 *
 * @param able graphs to choose from
 * @param count how many are wanted; fewer are drawn where there are fewer
 * @returns ascending
 * @throws RangeError where none is left
 */
export function choosePoisoned(able: readonly number[], count: number, rng: Rng): number[] {
  if (Math.min(count, able.length) === 0) {
    throw new RangeError('no training graph can be poisoned: the rate is too low or the graphs too small');
  }
  return Array.from(rng.permutation(able.length).subarray(0, count), (i) => able[i]).sort((a, b) => a - b);
}

/** The training graphs with some of them replaced by triggered versions, which get the target's label. */
export function withPoison(
  graphs: readonly Graph[],
  poisoned: readonly number[],
  triggered: readonly Graph[],
  target: number,
): Graph[] {
  const changed = [...graphs];
  poisoned.forEach((id, i) => (changed[id] = { ...triggered[i], classLabel: target }));
  return changed;
}

/** Whether a graph counts in attack success rates: not of the target class, and larger than the trigger. */
export function canBeAttacked(graph: Graph, trigger: Pick<Trigger, 'nodes'>, target: number): boolean {
  return graph.classLabel !== target && graph.nodeCount > trigger.nodes;
}
