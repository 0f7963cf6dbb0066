import type { GraphModel } from '../gnn/graphModel';
import { predictLogits } from '../gnn/predict';
import type { FeatureLayout, Graph } from '../graph/graph';
import { inducedSubgraph } from '../graph/subgraph';
import { nodeOrder } from './placement';

/** Places that are tried in each graph. */
const candidates = 8;

/**
 * Where a motif takes most: of each graph those nodes without which a model is least sure of the class that it predicts
 * (the subscore of Motif-Backdoor, Zheng et al. 2023). Degrees say which sets of nodes are tried.
 *
 * @param graphs those with no more than `nodes` nodes are taken whole
 * @param nodes how many are wanted
 * @returns host nodes of each graph, by descending degree
 */
export function importantNodes(
  model: GraphModel,
  graphs: readonly Graph[],
  layout: FeatureLayout,
  nodes: number,
): Int32Array[] {
  const { classes } = model.architecture;
  const whole = predictLogits(model, graphs, layout);
  const tried = graphs.map((graph) => setsByDegree(graph, nodes));
  const rests = graphs.flatMap((graph, i) => tried[i].map((chosen) => without(graph, chosen)));
  const partial = predictLogits(model, rests, layout);
  let row = 0;
  return graphs.map((graph, i) => {
    const logits = whole.subarray(i * classes, (i + 1) * classes);
    const predicted = logits.indexOf(Math.max(...logits));
    let best: Int32Array = nodeOrder(graph, 'degree').slice(0, nodes);
    let least = Infinity;
    for (const chosen of tried[i]) {
      const left = probability(partial.subarray(row * classes, (row + 1) * classes), predicted);
      if (left < least) [best, least] = [chosen, left];
      row++;
    }
    return best;
  });
}

/** Sets of nodes of about the same degree, from the hubs down: each begins with the next node in order of degrees. */
function setsByDegree(graph: Graph, nodes: number): Int32Array[] {
  const order = nodeOrder(graph, 'degree');
  const count = graph.nodeCount > nodes ? Math.min(candidates, graph.nodeCount - nodes + 1) : 0;
  return Array.from({ length: count }, (_, first) => order.slice(first, first + nodes));
}

function without(graph: Graph, chosen: Int32Array): Graph {
  const gone = new Set(chosen);
  const rest = Array.from({ length: graph.nodeCount }, (_, node) => node).filter((node) => !gone.has(node));
  return inducedSubgraph(graph, rest);
}

/** Softmax of one class. */
function probability(logits: Float32Array, of: number): number {
  return 1 / logits.reduce((sum, logit) => sum + Math.exp(logit - logits[of]), 0);
}
