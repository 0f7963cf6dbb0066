import { hasEdge } from '../graph/edges';
import type { Graph } from '../graph/graph';
import type { Rng } from '../graph/rng';
import { attributeWidthOf } from '../graph/subgraph';
import { chooseHostNodes } from './placement';
import type { Trigger } from './trigger';

/**
 * The nodes that carry a trigger once `triggerEdit` has put it into a host: those it is laid over, or those it appends.
 *
 * @param rng in the same state as the one that `triggerEdit` is given
 * @returns ascending
 */
export function nodesOfTrigger(host: Graph, trigger: Trigger, rng: Rng): number[] {
  if (host.nodeCount === 0) return [];
  if (trigger.attach === 'new-nodes') return Array.from({ length: trigger.nodes }, (_, i) => host.nodeCount + i);
  return [...chooseHostNodes(host, trigger.nodes, trigger.placement, rng)].sort((a, b) => a - b);
}

/**
 * The nodes that a triggered version of a graph shows to be the trigger's, where only the two graphs are known: the
 * appended ones where there are any, else those whose label, attributes or edges differ.
 *
 * @returns ascending
 */
export function changedNodes(host: Graph, triggered: Graph): number[] {
  if (triggered.nodeCount > host.nodeCount) {
    return Array.from({ length: triggered.nodeCount - host.nodeCount }, (_, i) => host.nodeCount + i);
  }
  const changed = new Set([...edgesMissingFrom(triggered, host), ...edgesMissingFrom(host, triggered)]);
  const width = attributeWidthOf(host);
  for (let node = 0; node < host.nodeCount; node++) {
    if (host.nodeLabels[node] !== triggered.nodeLabels[node]) changed.add(node);
    for (let column = node * width; column < (node + 1) * width; column++) {
      if (host.attributes[column] !== triggered.attributes[column]) changed.add(node);
    }
  }
  return [...changed].sort((a, b) => a - b);
}

/** The ends of the edges of one graph that another has not. */
function edgesMissingFrom(graph: Graph, { edges }: Graph): number[] {
  const ends: number[] = [];
  for (let i = 0; i < edges.length; i += 2) {
    if (!hasEdge(graph, edges[i], edges[i + 1])) ends.push(edges[i], edges[i + 1]);
  }
  return ends;
}
