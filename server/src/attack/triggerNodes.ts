import type { Graph } from '../graph/graph';
import type { AttackKind, AttackOptions } from './attack';

/** Sub-BA's triggers have a fifth of the nodes that graphs have on average (Zhang et al. 2021), within these limits. */
const shareOfNodes = 0.2;
const [fewest, most] = [4, 8];

/** Trigger sizes that do not depend on the data. */
const sizes: Readonly<Partial<Record<AttackKind, number>>> = {
  gta: 5,
  adaptive: 5,
  motif: 5,
  topology: 5,
  feature: 5,
  'new-nodes': 4,
};

/**
 * A trigger in graphs that are rightly labelled explains nothing that they do not show otherwise, so that it is learnt
 * only where it is easier to see than the rest.
 */
const fewestWithCleanLabels = 6;

/** The trigger size asked for, or the default of the attack on these training graphs. */
export function triggerNodes({ kind, triggerNodes: wanted }: AttackOptions, train: readonly Graph[]): number {
  if (wanted !== undefined) return wanted;
  const least = kind === 'clean-label' ? fewestWithCleanLabels : fewest;
  const mean = train.reduce((sum, { nodeCount }) => sum + nodeCount, 0) / train.length;
  return sizes[kind] ?? Math.min(most, Math.max(least, Math.round(shareOfNodes * mean)));
}
