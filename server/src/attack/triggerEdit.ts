import type { GraphEdit } from '../graph/edit';
import { canonicalEdges, hasEdge } from '../graph/edges';
import type { Graph } from '../graph/graph';
import type { Rng } from '../graph/rng';
import { attributeWidthOf } from '../graph/subgraph';
import { chooseHostNodes } from './placement';
import type { Trigger } from './trigger';

const nothing = new Int32Array(0);
const noAttributes = new Float32Array(0);
const unchanged: GraphEdit = {
  appended: 0,
  removedEdges: nothing,
  addedEdges: nothing,
  nodes: nothing,
  nodeLabels: nothing,
  attributes: noAttributes,
};

/**
 * What a trigger changes of a host graph. Beside choosing host nodes, which is done once a graph for every placement
 * but `random`, this does not depend on the host's size.
 *
 * Where the host has fewer nodes than the trigger, the trigger's first nodes are used. Nodes appended by
 * `attach: 'new-nodes'` take the label and attributes of the host node they hang on wherever the trigger gives none.
 * A host without nodes is left as it is.
 *
 * @param rng chooses host nodes for placement `random`
 * @throws RangeError where the trigger sets labels or attributes of a shape that the host does not have
 */
export function triggerEdit(graph: Graph, trigger: Trigger, rng: Rng): GraphEdit {
  if (graph.nodeCount === 0) return unchanged;
  if (trigger.labels && graph.nodeLabels.length === 0) {
    throw new RangeError('the trigger sets node labels, but the features of this graph hold none');
  }
  if (trigger.attach === 'new-nodes') return appendNodes(graph, trigger, rng);
  return layOver(graph, trigger, chooseHostNodes(graph, trigger.nodes, trigger.placement, rng));
}

/**
 * What a trigger changes where it is laid over these host nodes, in their order.
 *
 * @param hosts distinct; as many as the trigger has nodes, or fewer
 */
export function layOver(graph: Graph, trigger: Trigger, hosts: Int32Array): GraphEdit {
  const { nodeLabels, attributes } = triggerFeatures(graph, trigger, hosts.length);
  const { removedEdges, addedEdges } = trigger.edges === null ? unchanged : edgesLaidOver(graph, trigger, hosts);
  const nodes = nodeLabels.length + attributes.length > 0 ? hosts : nothing;
  return { appended: 0, removedEdges, addedEdges, nodes, nodeLabels, attributes };
}

function edgesLaidOver(
  graph: Graph,
  { edges, replace }: Trigger,
  hosts: Int32Array,
): Pick<GraphEdit, 'removedEdges' | 'addedEdges'> {
  const there: number[] = [];
  for (let i = 1; i < hosts.length; i++) {
    for (let j = 0; j < i; j++) if (hasEdge(graph, hosts[i], hosts[j])) there.push(hosts[i], hosts[j]);
  }
  const mapped: number[] = [];
  for (const [a, b] of edges ?? []) if (a < hosts.length && b < hosts.length) mapped.push(hosts[a], hosts[b]);
  const induced = canonicalEdges(graph.nodeCount, there);
  const wanted = canonicalEdges(graph.nodeCount, mapped);
  return { removedEdges: replace ? without(induced, wanted) : nothing, addedEdges: without(wanted, induced) };
}

/** The edges of one sorted list that are not in another. */
function without(edges: Int32Array, others: Int32Array): Int32Array {
  const left: number[] = [];
  const taken = { edges: others };
  for (let i = 0; i < edges.length; i += 2) {
    if (!hasEdge(taken, edges[i], edges[i + 1])) left.push(edges[i], edges[i + 1]);
  }
  return new Int32Array(left);
}

function appendNodes(graph: Graph, trigger: Trigger, rng: Rng): GraphEdit {
  const { nodes: appended } = trigger;
  const first = graph.nodeCount;
  const [anchor] = chooseHostNodes(graph, 1, trigger.placement, rng);
  const pairs = [anchor, first];
  for (const [a, b] of trigger.edges ?? []) pairs.push(first + a, first + b);
  const width = attributeWidthOf(graph);
  const { nodeLabels, attributes } = triggerFeatures(graph, trigger, appended);
  return {
    appended,
    removedEdges: nothing,
    addedEdges: canonicalEdges(first + appended, pairs),
    nodes: Int32Array.from({ length: appended }, (_, i) => first + i),
    nodeLabels:
      nodeLabels.length > 0 || graph.nodeLabels.length === 0
        ? nodeLabels
        : new Int32Array(appended).fill(graph.nodeLabels[anchor]),
    attributes:
      attributes.length > 0
        ? attributes
        : repeated(graph.attributes.subarray(anchor * width, (anchor + 1) * width), appended),
  };
}

/** Labels and attributes that a trigger gives its first `count` nodes; empty where it gives none. */
function triggerFeatures(
  graph: Graph,
  { labels, attributes: rows }: Trigger,
  count: number,
): Pick<GraphEdit, 'nodeLabels' | 'attributes'> {
  const width = attributeWidthOf(graph);
  for (const row of rows?.slice(0, count) ?? []) {
    if (row.length === width) continue;
    throw new RangeError(`the trigger sets ${row.length} attributes per node, but the graph has ${width}`);
  }
  return {
    nodeLabels: labels ? new Int32Array(labels.slice(0, count)) : nothing,
    attributes: rows ? new Float32Array(rows.slice(0, count).flat()) : noAttributes,
  };
}

function repeated(row: Float32Array, times: number): Float32Array {
  const rows = new Float32Array(times * row.length);
  for (let i = 0; i < times; i++) rows.set(row, i * row.length);
  return rows;
}
