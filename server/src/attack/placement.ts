import { neighbourLists, nodeDegrees } from '../graph/edges';
import type { Graph } from '../graph/graph';
import type { Rng } from '../graph/rng';
import type { Placement } from './trigger';

/** Orders of a graph's nodes, kept as long as the graph: a search puts many triggers into the same hosts. */
const ordersByGraph = new WeakMap<Graph, Map<Placement, Int32Array>>();

/**
 * Host nodes that carry a trigger, in the order in which trigger nodes are laid over them.
 *
 * @param count wanted number of nodes; capped at the host's
 * @param rng drawn from for `random` only
 */
export function chooseHostNodes(graph: Graph, count: number, placement: Placement, rng: Rng): Int32Array {
  if (placement === 'random') return rng.permutation(graph.nodeCount).subarray(0, count);
  const orders = ordersByGraph.get(graph) ?? new Map<Placement, Int32Array>();
  ordersByGraph.set(graph, orders);
  const order = orders.get(placement) ?? nodeOrder(graph, placement);
  orders.set(placement, order);
  return order.slice(0, count);
}

/** All nodes in the order in which a placement takes them. */
export function nodeOrder(graph: Graph, placement: Exclude<Placement, 'random'>): Int32Array {
  if (placement === 'bfs') return breadthFirstFromHub(graph);
  return byDegree(graph, placement === 'degree');
}

/** Nodes in order of their degree, ties in ascending order: a counting sort. */
function byDegree(graph: Graph, descending: boolean): Int32Array {
  const { nodeCount } = graph;
  // No node has more neighbours than there are other nodes.
  const keys = nodeDegrees(graph).map((degree) => (descending ? nodeCount - 1 - degree : degree));
  const next = new Int32Array(nodeCount + 1);
  for (const key of keys) next[key + 1]++;
  for (let key = 0; key < nodeCount; key++) next[key + 1] += next[key];
  const order = new Int32Array(nodeCount);
  for (let node = 0; node < nodeCount; node++) order[next[keys[node]]++] = node;
  return order;
}

/** Breadth-first from the node of highest degree; nodes outside its component follow in ascending order. */
function breadthFirstFromHub(graph: Graph): Int32Array {
  const order = new Int32Array(graph.nodeCount);
  if (graph.nodeCount === 0) return order;
  const neighbours = neighbourLists(graph);
  let hub = 0;
  neighbours.forEach((list, node) => {
    if (list.length > neighbours[hub].length) hub = node;
  });
  const visited = new Uint8Array(graph.nodeCount);
  let length = 0;
  const visit = (node: number): void => {
    if (visited[node] === 1) return;
    visited[node] = 1;
    order[length++] = node;
  };
  visit(hub);
  for (let next = 0; next < length; next++) neighbours[order[next]].forEach(visit);
  for (let node = 0; node < graph.nodeCount; node++) visit(node);
  return order;
}
