import type { GraphModel } from '../gnn/graphModel';
import { predictLogits } from '../gnn/predict';
import { neighbourLists } from '../graph/edges';
import type { FeatureLayout, Graph } from '../graph/graph';
import { inducedSubgraph } from '../graph/subgraph';
import { nodeOrder } from './placement';

/** Places that are tried: pieces around this many nodes of the highest degree. */
const candidates = 8;

/**
 * Where a motif takes most: for each graph the connected piece of `nodes` nodes without which a model is least sure of
 * the class that it predicts (the subscore of Motif-Backdoor, Zheng et al. 2023). Degrees say which pieces are tried.
 *
 * @param graphs with more than `nodes` nodes each
 * @returns host nodes of each graph, those met first by a breadth-first walk first
 */
export function importantPieces(
  model: GraphModel,
  graphs: readonly Graph[],
  layout: FeatureLayout,
  nodes: number,
): Int32Array[] {
  const { classes } = model.architecture;
  const whole = predictLogits(model, graphs, layout);
  const pieces = graphs.map((graph) => piecesAroundHubs(graph, nodes));
  const rests = graphs.flatMap((graph, i) => pieces[i].map((piece) => without(graph, piece)));
  const partial = predictLogits(model, rests, layout);
  let row = 0;
  return graphs.map((_, i) => {
    const logits = whole.subarray(i * classes, (i + 1) * classes);
    const predicted = logits.indexOf(Math.max(...logits));
    let best = { piece: pieces[i][0], left: Infinity };
    for (const piece of pieces[i]) {
      const left = probability(partial.subarray(row * classes, (row + 1) * classes), predicted);
      if (left < best.left) best = { piece, left };
      row++;
    }
    return best.piece;
  });
}

function piecesAroundHubs(graph: Graph, nodes: number): Int32Array[] {
  const neighbours = neighbourLists(graph);
  const hubs = nodeOrder(graph, 'degree');
  return Array.from(hubs.subarray(0, candidates), (hub) => {
    const piece = new Set([hub]);
    for (const node of piece) {
      for (const next of neighbours[node]) if (piece.size < nodes) piece.add(next);
    }
    // Small components are filled up with the largest hubs elsewhere.
    for (const other of hubs) if (piece.size < nodes) piece.add(other);
    return Int32Array.from(piece);
  });
}

function without(graph: Graph, piece: Int32Array): Graph {
  const gone = new Set(piece);
  const rest = Array.from({ length: graph.nodeCount }, (_, node) => node).filter((node) => !gone.has(node));
  return inducedSubgraph(graph, rest);
}

/** Softmax of one class. */
function probability(logits: Float32Array, of: number): number {
  return 1 / logits.reduce((sum, logit) => sum + Math.exp(logit - logits[of]), 0);
}
