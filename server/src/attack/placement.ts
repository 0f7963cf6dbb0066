import { neighbourLists, nodeDegrees } from '../graph/edges';
import type { Graph } from '../graph/graph';
import type { Rng } from '../graph/rng';
import type { Placement } from './trigger';

/**
 * Host nodes that carry a trigger, in the order in which trigger nodes are laid over them.
 *
 * @param count wanted number of nodes; capped at the host's
 * @param rng drawn from for `random` only
 */
export function chooseHostNodes(graph: Graph, count: number, placement: Placement, rng: Rng): Int32Array {
  switch (placement) {
    case 'random':
      return rng.permutation(graph.nodeCount).subarray(0, count);
    case 'degree': {
      const degrees = nodeDegrees(graph);
      return nodesBy((u, v) => degrees[v] - degrees[u], degrees.length).subarray(0, count);
    }
    case 'low-degree': {
      const degrees = nodeDegrees(graph);
      return nodesBy((u, v) => degrees[u] - degrees[v], degrees.length).subarray(0, count);
    }
    case 'bfs':
      return breadthFirstFromHub(graph, count);
  }
}

function nodesBy(compare: (u: number, v: number) => number, nodeCount: number): Int32Array {
  return Int32Array.from({ length: nodeCount }, (_, node) => node).sort((u, v) => compare(u, v) || u - v);
}

/** Breadth-first from the node of highest degree; nodes outside its component follow in ascending order. */
function breadthFirstFromHub(graph: Graph, count: number): Int32Array {
  if (graph.nodeCount === 0) return new Int32Array(0);
  const neighbours = neighbourLists(graph);
  let hub = 0;
  neighbours.forEach((list, node) => {
    if (list.length > neighbours[hub].length) hub = node;
  });
  const order = [hub];
  const visited = new Set(order);
  for (let next = 0; next < order.length && order.length < count; next++) {
    for (const node of neighbours[order[next]]) {
      if (visited.has(node)) continue;
      visited.add(node);
      order.push(node);
    }
  }
  for (let node = 0; node < graph.nodeCount && order.length < count; node++) {
    if (!visited.has(node)) order.push(node);
  }
  return Int32Array.from(order.slice(0, count));
}
