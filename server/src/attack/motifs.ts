import type { Rng } from '../graph/rng';

/** Undirected edges between motif nodes. */
export type MotifEdges = readonly (readonly [number, number])[];

/** Complete graph on `nodes` nodes. */
export function cliqueEdges(nodes: number): MotifEdges {
  const edges: [number, number][] = [];
  for (let u = 0; u < nodes; u++) for (let v = u + 1; v < nodes; v++) edges.push([u, v]);
  return edges;
}

/**
 * Erdős–Rényi graph: each pair is an edge with the given probability, drawn again until there are at least
 * nodes - 1 edges, as many as a connected graph needs.
 *
 * @param probability in (0, 1]
 */
export function erdosRenyiEdges(nodes: number, probability: number, rng: Rng): MotifEdges {
  if (!(probability > 0)) throw new RangeError(`the edge probability must be positive, got ${probability}`);
  for (;;) {
    const edges = cliqueEdges(nodes).filter(() => rng.uniform() < probability);
    if (edges.length >= nodes - 1) return edges;
  }
}

/**
 * The given number of edges, drawn at random: the model of Erdős and Rényi in which their number is fixed.
 *
 * @param count at most as many as a clique has
 */
export function randomEdges(nodes: number, count: number, rng: Rng): MotifEdges {
  const all = cliqueEdges(nodes);
  return Array.from(rng.permutation(all.length).subarray(0, count).sort(), (i) => all[i]);
}

/** Cycle through all nodes. */
export function ringEdges(nodes: number): MotifEdges {
  return Array.from({ length: nodes }, (_, node) => [node, (node + 1) % nodes] as const);
}

/** Node 0 joined to every other node. */
export function starEdges(nodes: number): MotifEdges {
  return Array.from({ length: nodes - 1 }, (_, i) => [0, i + 1] as const);
}

/** Nodes 0 to nodes - 1 in a row. */
export function pathEdges(nodes: number): MotifEdges {
  return Array.from({ length: nodes - 1 }, (_, node) => [node, node + 1] as const);
}
