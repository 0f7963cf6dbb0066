import type { Graph } from './graph';

/**
 * Undirected edges in the form that {@link Graph.edges} asks for: u < v, sorted, each once, no self-loops.
 *
 * @param nodeCount number of nodes; all ids lie in [0, nodeCount)
 * @param pairs `[u0, v0, u1, v1, ...]` in any order and direction
 */
export function canonicalEdges(nodeCount: number, pairs: ArrayLike<number>): Int32Array {
  // One number per edge sorts faster than pairs do, and is exact up to 2^26 nodes.
  const keys: number[] = [];
  for (let i = 0; i + 1 < pairs.length; i += 2) {
    const u = Math.min(pairs[i], pairs[i + 1]);
    const v = Math.max(pairs[i], pairs[i + 1]);
    if (u !== v) keys.push(u * nodeCount + v);
  }
  const sorted = keys.length <= fewKeys ? sortFew(keys) : new Float64Array(keys).sort();
  const edges: number[] = [];
  for (let i = 0; i < sorted.length; i++) {
    if (i > 0 && sorted[i] === sorted[i - 1]) continue;
    const u = Math.floor(sorted[i] / nodeCount);
    edges.push(u, sorted[i] - u * nodeCount);
  }
  return new Int32Array(edges);
}

/** Up to here insertion beats calling the sort of typed arrays: triggers have few edges, and there are many of them. */
const fewKeys = 32;

function sortFew(keys: number[]): number[] {
  for (let i = 1; i < keys.length; i++) {
    const key = keys[i];
    let place = i;
    for (; place > 0 && keys[place - 1] > key; place--) keys[place] = keys[place - 1];
    keys[place] = key;
  }
  return keys;
}

/** Number of neighbours of each node, `[nodeCount]`. */
export function nodeDegrees(graph: Graph): Int32Array {
  const degrees = new Int32Array(graph.nodeCount);
  for (const node of graph.edges) degrees[node]++;
  return degrees;
}

/** Neighbours of each node in ascending order. */
export function neighbourLists(graph: Graph): number[][] {
  const lists: number[][] = Array.from({ length: graph.nodeCount }, () => []);
  for (let i = 0; i < graph.edges.length; i += 2) {
    lists[graph.edges[i]].push(graph.edges[i + 1]);
    lists[graph.edges[i + 1]].push(graph.edges[i]);
  }
  return lists;
}

/** Whether a graph has the edge between two nodes. */
export function hasEdge(graph: Pick<Graph, 'edges'>, a: number, b: number): boolean {
  return edgeIndex(graph, a, b) >= 0;
}

/** Number of the edge between two nodes, -1 where there is none: a binary search among sorted edges. */
function edgeIndex({ edges }: Pick<Graph, 'edges'>, a: number, b: number): number {
  const u = Math.min(a, b);
  const v = Math.max(a, b);
  let low = 0;
  let high = edges.length >> 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    const first = edges[2 * middle];
    if (first < u || (first === u && edges[2 * middle + 1] < v)) low = middle + 1;
    else high = middle;
  }
  return edges[2 * low] === u && edges[2 * low + 1] === v ? low : -1;
}

/**
 * Labels of some edges among the nodes of a graph: those that it has keep theirs, others get label 0.
 *
 * @param edges `[u0, v0, ...]`, by the ids that the nodes have in `graph`
 * @returns `[edges]`; undefined where the graph's edges have none
 */
export function labelsOfEdges(graph: Graph, edges: ArrayLike<number>): Int32Array | undefined {
  const { edgeLabels } = graph;
  if (edgeLabels === undefined) return undefined;
  return Int32Array.from({ length: edges.length / 2 }, (_, i) => {
    const index = edgeIndex(graph, edges[2 * i], edges[2 * i + 1]);
    return index < 0 ? 0 : edgeLabels[index];
  });
}
