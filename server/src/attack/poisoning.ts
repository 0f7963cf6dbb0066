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
  if (!(rate > 0 && rate <= 1)) {
    throw new RangeError(`the poisoning rate must lie above 0 and at most at 1, got ${rate}`);
  }
  const able = [...graphs.keys()].filter((id) => canBeAttacked(graphs[id], trigger, target));
  const count = Math.min(able.length, Math.floor(rate * graphs.length));
  if (count === 0)
    throw new RangeError('no training graph can be poisoned: the rate is too low or the graphs too small');
  const poisoned = Array.from(rng.permutation(able.length).subarray(0, count), (i) => able[i]).sort((a, b) => a - b);
  const changed = [...graphs];
  for (const id of poisoned) changed[id] = { ...injectTrigger(graphs[id], trigger, rng), classLabel: target };
  return { graphs: changed, poisoned };
}

/** Whether a graph counts in attack success rates: not of the target class, and larger than the trigger. */
export function canBeAttacked(graph: Graph, trigger: Trigger, target: number): boolean {
  return graph.classLabel !== target && graph.nodeCount > trigger.nodes;
}
