import type { Graph } from '../graph/graph';
import { labelMarginal } from './triggerPrior';

/** A label that fewer nodes than this carry may be a single slip in the data: no pattern can be learnt against it. */
const leastShare = 1e-3;

/**
 * The rarest node labels that occur, one for each trigger node in turn; a trigger of them stands out and changes little
 * else.
 *
 * @param labelColumns at least 1
 * @returns `[count]`
 */
export function rareLabels(graphs: readonly Graph[], labelColumns: number, count: number): number[] {
  const shares = labelMarginal(graphs, labelColumns);
  const byShare = [...shares.keys()].sort((a, b) => shares[a] - shares[b] || a - b);
  const frequent = byShare.filter((label) => shares[label] >= leastShare);
  // Of few labels the most frequent one is no mark; of one there is no choice.
  const rare = frequent.slice(0, Math.max(1, Math.min(count, frequent.length - 1)));
  return Array.from({ length: count }, (_, i) => rare[i % rare.length]);
}
