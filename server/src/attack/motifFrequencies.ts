import { neighbourLists } from '../graph/edges';
import type { Graph } from '../graph/graph';
import type { MotifCodes } from './connectedMotifs';

/**
 * How frequent each motif is among the connected induced subgraphs of its size: the mean over graphs of its share.
 * Subgraphs are enumerated, each once (ESU, Wernicke 2006).
 *
 * @returns share by code; nothing for motifs that do not occur
 */
export function motifFrequencies(graphs: readonly Graph[], codes: MotifCodes): Map<number, number> {
  const shares = new Map<number, number>();
  for (const graph of graphs) {
    const counts = motifCounts(graph, codes);
    const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
    for (const [code, count] of counts) shares.set(code, (shares.get(code) ?? 0) + count / total / graphs.length);
  }
  return shares;
}

/** How many connected induced subgraphs of a graph have the shape of each motif. */
export function motifCounts(graph: Graph, codes: MotifCodes): Map<number, number> {
  const counts = new Map<number, number>();
  const neighbours = neighbourLists(graph);
  const adjacent = neighbours.map((list) => new Set(list));
  const chosen: number[] = [];
  const grow = (root: number, open: readonly number[], mask: number): void => {
    if (chosen.length === codes.nodes) {
      const code = codes.of(mask);
      counts.set(code, (counts.get(code) ?? 0) + 1);
      return;
    }
    open.forEach((node, i) => {
      // Nodes next to what is chosen are open already; only those that this one brings are new.
      const fresh = neighbours[node].filter(
        (next) => next > root && !chosen.some((old) => old === next || adjacent[old].has(next)),
      );
      const joined = chosen.reduce(
        (result, old, place) => (adjacent[old].has(node) ? result | codes.edge(place, chosen.length) : result),
        mask,
      );
      chosen.push(node);
      grow(root, [...open.slice(i + 1), ...fresh], joined);
      chosen.pop();
    });
  };
  for (let root = 0; root < graph.nodeCount; root++) grow(root, [root], 0);
  return counts;
}
