import { canonicalEdges, labelsOfEdges } from './edges';
import type { Graph } from './graph';
import type { Rng } from './rng';

/** Attribute columns of a graph; 0 where it has none. */
export function attributeWidthOf(graph: Graph): number {
  return graph.nodeCount === 0 ? 0 : graph.attributes.length / graph.nodeCount;
}

/** The rows of a row-major matrix `[rows, width]` at `indices`. */
function takeRows(matrix: Float32Array, width: number, indices: ArrayLike<number>): Float32Array {
  const taken = new Float32Array(indices.length * width);
  for (let i = 0; i < indices.length; i++) {
    taken.set(matrix.subarray(indices[i] * width, (indices[i] + 1) * width), i * width);
  }
  return taken;
}

/**
 * The subgraph induced by `nodes`: those nodes in that order, and the edges between them.
 *
 * @param nodes distinct node ids
 */
export function inducedSubgraph(graph: Graph, nodes: ArrayLike<number>): Graph {
  const position = new Int32Array(graph.nodeCount).fill(-1);
  for (let i = 0; i < nodes.length; i++) position[nodes[i]] = i;
  const pairs: number[] = [];
  for (let i = 0; i < graph.edges.length; i += 2) {
    const u = position[graph.edges[i]];
    const v = position[graph.edges[i + 1]];
    if (u >= 0 && v >= 0) pairs.push(u, v);
  }
  const edges = canonicalEdges(nodes.length, pairs);
  const edgeLabels = graph.edgeLabels && labelsOfEdges(graph, edges.map((node) => nodes[node])); // prettier-ignore
  return {
    nodeCount: nodes.length,
    edges,
    nodeLabels:
      graph.nodeLabels.length > 0 ? Int32Array.from(nodes, (node) => graph.nodeLabels[node]) : graph.nodeLabels,
    attributes: takeRows(graph.attributes, attributeWidthOf(graph), nodes),
    ...(edgeLabels && { edgeLabels }),
    classLabel: graph.classLabel,
  };
}

/**
 * Nodes of a region grown breadth-first from a random node, with neighbours visited in random order.
 * Where a component is used up, it goes on from a random unvisited node.
 *
 * @param neighbours of `neighbourLists(graph)`
 * @param count wanted number of nodes; capped at the number there is
 * @returns distinct node ids in the order of the visit
 */
export function breadthFirstPiece(neighbours: readonly (readonly number[])[], count: number, rng: Rng): number[] {
  const wanted = Math.min(count, neighbours.length);
  const visited = new Uint8Array(neighbours.length);
  const piece: number[] = [];
  const visit = (node: number): void => {
    visited[node] = 1;
    piece.push(node);
  };
  for (let next = 0; piece.length < wanted; next++) {
    if (next === piece.length) {
      const unvisited = Array.from(neighbours.keys()).filter((node) => visited[node] === 0);
      visit(rng.pick(unvisited));
      if (piece.length === wanted) break;
    }
    const around = neighbours[piece[next]];
    for (const i of rng.permutation(around.length)) {
      if (piece.length < wanted && visited[around[i]] === 0) visit(around[i]);
    }
  }
  return piece;
}
