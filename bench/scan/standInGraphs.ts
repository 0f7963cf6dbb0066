import { canonicalEdges, hasEdge } from '../../server/src/graph/edges';
import type { FeatureLayout, Graph } from '../../server/src/graph/graph';
import type { Rng } from '../../server/src/graph/rng';

/**
 * Graphs that people may give as clean ones where they have too few, and that a scan has to tell apart.
 *
 * - `rewired`: every edge of the clean graphs swapped with another of the same graph, degrees kept (Maslov & Sneppen 2002);
 * - `shuffled`: as many nodes, edges and labels of each kind, put together at random;
 * - `relabelled`: the clean graphs with uniformly random labels;
 * - `random`: random graphs of 10 to 40 nodes, mean degree 2.5, uniform labels.
 */
export const standIns = ['rewired', 'shuffled', 'relabelled', 'random'] as const;
export type StandIn = (typeof standIns)[number];

export function standInGraph(kind: StandIn, graph: Graph, { labelColumns }: FeatureLayout, rng: Rng): Graph {
  const anyLabels = (count: number): Int32Array => Int32Array.from({ length: count }, () => rng.integer(labelColumns));
  switch (kind) {
    case 'rewired':
      return rewired(graph, rng);
    case 'shuffled': {
      const nodeLabels = Int32Array.from(rng.permutation(graph.nodeCount), (node) => graph.nodeLabels[node]);
      return { ...graph, nodeLabels, edges: randomEdges(graph.nodeCount, graph.edges.length / graph.nodeCount, rng) };
    }
    case 'relabelled':
      return { ...graph, nodeLabels: anyLabels(graph.nodeCount) };
    case 'random': {
      const nodeCount = 10 + rng.integer(31);
      return { ...graph, nodeCount, nodeLabels: anyLabels(nodeCount), edges: randomEdges(nodeCount, 2.5, rng) };
    }
  }
}

/** Pairs of edges exchange their ends, twice as often as there are edges; swaps that would make a loop are left out. */
export function rewired(graph: Graph, rng: Rng): Graph {
  const { nodeCount } = graph;
  let { edges } = graph;
  const count = edges.length / 2;
  for (let swap = 0; swap < 2 * count; swap++) {
    const i = 2 * rng.integer(count);
    const j = 2 * rng.integer(count);
    const [a, b] = [edges[i], edges[i + 1]];
    const [c, d] = rng.uniform() < 0.5 ? [edges[j], edges[j + 1]] : [edges[j + 1], edges[j]];
    if (new Set([a, b, c, d]).size < 4 || hasEdge({ edges }, a, d) || hasEdge({ edges }, c, b)) continue;
    const kept = edges.filter((_, e) => (e & ~1) !== i && (e & ~1) !== j);
    edges = canonicalEdges(nodeCount, [...kept, a, d, c, b]);
  }
  return { ...graph, edges };
}

/** Edges of an Erdős–Rényi graph. */
function randomEdges(nodeCount: number, meanDegree: number, rng: Rng): Int32Array {
  const probability = meanDegree / (nodeCount - 1);
  const pairs: number[] = [];
  for (let u = 0; u < nodeCount; u++) {
    for (let v = u + 1; v < nodeCount; v++) if (rng.uniform() < probability) pairs.push(u, v);
  }
  return canonicalEdges(nodeCount, pairs);
}
