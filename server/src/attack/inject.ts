import { canonicalEdges } from '../graph/edges';
import type { Graph } from '../graph/graph';
import type { Rng } from '../graph/rng';
import { attributeWidthOf } from '../graph/subgraph';
import { chooseHostNodes } from './placement';
import type { Trigger } from './trigger';

/**
 * Puts a trigger into a host graph. The host is not changed and keeps its class.
 *
 * Where the host has fewer nodes than the trigger, the trigger's first nodes are used. Nodes appended by
 * `attach: 'new-nodes'` take the label and attributes of the host node they hang on wherever the trigger gives none.
 *
 * @param rng chooses host nodes for placement `random`
 * @throws RangeError where the trigger sets labels or attributes of a shape that the host does not have
 */
export function injectTrigger(graph: Graph, trigger: Trigger, rng: Rng): Graph {
  if (graph.nodeCount === 0) return graph;
  if (trigger.labels && graph.nodeLabels.length === 0) {
    throw new RangeError('the trigger sets node labels, but the features of this graph hold none');
  }
  return trigger.attach === 'new-nodes' ? appendNodes(graph, trigger, rng) : layOver(graph, trigger, rng);
}

function layOver(graph: Graph, trigger: Trigger, rng: Rng): Graph {
  const hosts = chooseHostNodes(graph, trigger.nodes, trigger.placement, rng);
  return {
    ...graph,
    edges: trigger.edges === null ? graph.edges : layEdgesOver(graph, trigger.edges, trigger.replace, hosts),
    ...triggeredFeatures(graph.nodeLabels, graph.attributes, attributeWidthOf(graph), trigger, hosts),
  };
}

function layEdgesOver(
  graph: Graph,
  triggerEdges: readonly (readonly [number, number])[],
  replace: boolean,
  hosts: Int32Array,
): Int32Array {
  const chosen = new Uint8Array(graph.nodeCount);
  for (const node of hosts) chosen[node] = 1;
  const pairs: number[] = [];
  for (let i = 0; i < graph.edges.length; i += 2) {
    const u = graph.edges[i];
    const v = graph.edges[i + 1];
    if (!(replace && chosen[u] && chosen[v])) pairs.push(u, v);
  }
  for (const [a, b] of triggerEdges) {
    if (a < hosts.length && b < hosts.length) pairs.push(hosts[a], hosts[b]);
  }
  return canonicalEdges(graph.nodeCount, pairs);
}

function appendNodes(graph: Graph, trigger: Trigger, rng: Rng): Graph {
  const first = graph.nodeCount;
  const nodeCount = first + trigger.nodes;
  const width = attributeWidthOf(graph);
  const [anchor] = chooseHostNodes(graph, 1, trigger.placement, rng);
  const added = Int32Array.from({ length: trigger.nodes }, (_, i) => first + i);
  const pairs = [...graph.edges, anchor, first];
  for (const [a, b] of trigger.edges ?? []) pairs.push(first + a, first + b);

  const nodeLabels = new Int32Array(graph.nodeLabels.length > 0 ? nodeCount : 0);
  nodeLabels.set(graph.nodeLabels);
  if (nodeLabels.length > 0) nodeLabels.fill(graph.nodeLabels[anchor], first);
  const attributes = new Float32Array(nodeCount * width);
  attributes.set(graph.attributes);
  const anchorRow = graph.attributes.subarray(anchor * width, (anchor + 1) * width);
  for (const node of added) attributes.set(anchorRow, node * width);
  return {
    nodeCount,
    edges: canonicalEdges(nodeCount, pairs),
    ...triggeredFeatures(nodeLabels, attributes, width, trigger, added),
    classLabel: graph.classLabel,
  };
}

/** Copies of labels and attributes in which node `carriers[i]` holds those of trigger node i. */
function triggeredFeatures(
  nodeLabels: Int32Array,
  attributes: Float32Array,
  width: number,
  trigger: Trigger,
  carriers: Int32Array,
): Pick<Graph, 'nodeLabels' | 'attributes'> {
  const { labels, attributes: rows } = trigger;
  const newLabels = labels ? nodeLabels.slice() : nodeLabels;
  const newAttributes = rows ? attributes.slice() : attributes;
  carriers.forEach((node, i) => {
    if (labels) newLabels[node] = labels[i];
    if (!rows) return;
    if (rows[i].length !== width) {
      throw new RangeError(`the trigger sets ${rows[i].length} attributes per node, but the graph has ${width}`);
    }
    newAttributes.set(rows[i], node * width);
  });
  return { nodeLabels: newLabels, attributes: newAttributes };
}
