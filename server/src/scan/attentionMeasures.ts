/** Nodes of a graph that count as its top. */
const topShare = 0.05;

/** How unevenly attention lies on the nodes of a graph. */
export interface Unevenness {
  /** Share on the top 5% of nodes, at least one node, in (0, 1]. */
  readonly share: number;
  /** Gini coefficient (Gini 1912), in [0, 1): 0 where all nodes have the same. */
  readonly gini: number;
  /** Shannon entropy divided by its largest value, log of the number of nodes, in [0, 1]: 1 where all have the same. */
  readonly entropy: number;
}

/**
 * The three measures of one graph.
 *
 * @param attention not negative, one value a node, at least one node
 * @returns a graph of one node has share 1, Gini coefficient 0 and entropy 1; one without attention has share 0 too
 */
export function unevenness(attention: ArrayLike<number>): Unevenness {
  const sorted = Float64Array.from(attention).sort();
  const n = sorted.length;
  const total = sorted.reduce((sum, value) => sum + value, 0);
  if (total <= 0) return { share: 0, gini: 0, entropy: 1 };
  const held = sorted.subarray(n - topCount(n)).reduce((sum, value) => sum + value, 0);
  let ranked = 0;
  let entropy = 0;
  sorted.forEach((value, rank) => {
    const p = value / total;
    ranked += (rank + 1) * p;
    if (p > 0) entropy -= p * Math.log(p);
  });
  return {
    share: held / total,
    gini: (2 * ranked - (n + 1)) / n,
    entropy: n === 1 ? 1 : entropy / Math.log(n),
  };
}

/** The top 5% of nodes, at least one, the strongest first; of equals the first. */
export function topNodes(attention: ArrayLike<number>): number[] {
  return Array.from(attention, (_, node) => node)
    .sort((a, b) => attention[b] - attention[a] || a - b)
    .slice(0, topCount(attention.length));
}

function topCount(nodes: number): number {
  return Math.max(1, Math.floor(topShare * nodes));
}
