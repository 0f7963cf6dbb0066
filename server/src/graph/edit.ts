import { labelsOfEdges } from './edges';
import type { Graph } from './graph';
import { attributeWidthOf } from './subgraph';

/** A change of a graph, as small as the change is. Node ids are the graph's; appended nodes follow its last one. */
export interface GraphEdit {
  /** Number of nodes appended. */
  readonly appended: number;
  /** Edges that the graph has and is to lose, in the form of {@link Graph.edges}. */
  readonly removedEdges: Int32Array;
  /** Edges that the graph has not and is to get, in the form of {@link Graph.edges}. */
  readonly addedEdges: Int32Array;
  /** Nodes that are given features, each once; every appended one is among them where features hold any. */
  readonly nodes: Int32Array;
  /** Label of each of `nodes`; empty where labels are kept, or features hold none. */
  readonly nodeLabels: Int32Array;
  /** Attributes of each of `nodes`, row-major; empty where attributes are kept, or features hold none. */
  readonly attributes: Float32Array;
}

/** Changes nothing; edits of a few things are made from it. */
export const noEdit: GraphEdit = {
  appended: 0,
  removedEdges: new Int32Array(0),
  addedEdges: new Int32Array(0),
  nodes: new Int32Array(0),
  nodeLabels: new Int32Array(0),
  attributes: new Float32Array(0),
};

/**
 * The graph after an edit; the graph itself is not changed. Where edges have labels, added ones get label 0.
 *
 * @throws RangeError where an edge to remove is missing or an edge to add is there
 */
export function applyEdit(graph: Graph, edit: GraphEdit): Graph {
  const nodeCount = graph.nodeCount + edit.appended;
  const edges = mergeEdges(graph.edges, edit.removedEdges, edit.addedEdges);
  const edgeLabels = edges === graph.edges ? graph.edgeLabels : labelsOfEdges(graph, edges);
  return {
    nodeCount,
    edges,
    nodeLabels: withRows(graph.nodeLabels, 1, nodeCount, edit.nodes, edit.nodeLabels),
    attributes: withRows(graph.attributes, attributeWidthOf(graph), nodeCount, edit.nodes, edit.attributes),
    ...(edgeLabels && { edgeLabels }),
    classLabel: graph.classLabel,
  };
}

/** Both lists are sorted, so one walk through the edges does. */
function mergeEdges(edges: Int32Array, removed: Int32Array, added: Int32Array): Int32Array {
  if (removed.length === 0 && added.length === 0) return edges;
  const merged = new Int32Array(Math.max(0, edges.length - removed.length) + added.length);
  let length = 0;
  let nextRemoved = 0;
  let nextAdded = 0;
  for (let i = 0; i < edges.length; i += 2) {
    const u = edges[i];
    const v = edges[i + 1];
    if (removed[nextRemoved] === u && removed[nextRemoved + 1] === v) {
      nextRemoved += 2;
      continue;
    }
    while (nextAdded < added.length && (added[nextAdded] < u || (added[nextAdded] === u && added[nextAdded + 1] < v))) {
      merged[length++] = added[nextAdded++];
      merged[length++] = added[nextAdded++];
    }
    if (added[nextAdded] === u && added[nextAdded + 1] === v) throw new RangeError(`edge ${u}-${v} is there already`);
    merged[length++] = u;
    merged[length++] = v;
  }
  if (nextRemoved < removed.length) {
    throw new RangeError(`there is no edge ${removed[nextRemoved]}-${removed[nextRemoved + 1]} to remove`);
  }
  merged.set(added.subarray(nextAdded), length);
  return merged;
}

/** A matrix `[some rows, width]` extended to `rows` rows, with row `indices[i]` set to row i of `values`. */
function withRows<T extends Int32Array | Float32Array>(
  matrix: T,
  width: number,
  rows: number,
  indices: Int32Array,
  values: T,
): T {
  if (matrix.length === rows * width && values.length === 0) return matrix;
  if (matrix.length === 0) return matrix;
  const changed = (matrix instanceof Int32Array ? new Int32Array(rows * width) : new Float32Array(rows * width)) as T;
  changed.set(matrix);
  for (let i = 0; i < values.length; i++) changed[indices[Math.floor(i / width)] * width + (i % width)] = values[i];
  return changed;
}
