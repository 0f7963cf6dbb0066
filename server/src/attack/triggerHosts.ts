import { applyEdit, noEdit } from '../graph/edit';
import { collate } from '../graph/batch';
import { canonicalEdges, hasEdge } from '../graph/edges';
import type { FeatureLayout, Graph } from '../graph/graph';
import type { Rng } from '../graph/rng';
import { SparseRows } from '../tensor/sparseRows';
import { multiplyRows } from '../tensor/sparseProduct';
import { cliqueEdges } from './motifs';

/** A graph that is to carry a generated trigger. */
export interface TriggerHost {
  readonly graph: Graph;
  /** The graph without the edges among the host nodes, whose place those of the trigger take. */
  readonly base: Graph;
  /** Host nodes in the order of the trigger's; fewer than it has in graphs that are smaller. */
  readonly nodes: Int32Array;
}

/** Draws the host nodes of graphs: distinct, uniformly. */
export function drawHosts(graphs: readonly Graph[], triggerNodes: number, rng: Rng): TriggerHost[] {
  return graphs.map((graph) => {
    const nodes = rng.permutation(graph.nodeCount).slice(0, triggerNodes);
    const among = cliqueEdges(nodes.length).flatMap(([i, j]) =>
      hasEdge(graph, nodes[i], nodes[j]) ? [nodes[i], nodes[j]] : [],
    );
    const removedEdges = canonicalEdges(graph.nodeCount, among);
    return { graph, base: applyEdit(graph, { ...noEdit, removedEdges }), nodes };
  });
}

/**
 * What a generator is told of each host node: its features, their mean over its neighbours and over those neighbours'
 * neighbours, and their mean over the graph, `[hosts * triggerNodes, 4 * layout.width]`. Rows of missing nodes are zero.
 */
export function hostContext(hosts: readonly TriggerHost[], triggerNodes: number, layout: FeatureLayout): Float32Array {
  const batch = collate(
    hosts.map(({ graph }) => graph),
    layout,
  );
  const { nodeCount, nodeOffsets, rowOffsets, columns, degrees, features } = batch;
  const { width } = layout;
  const averaging = new SparseRows([nodeCount, nodeCount], columns.length);
  const membership = new SparseRows([hosts.length, nodeCount], nodeCount);
  for (let v = 0; v < nodeCount; v++) {
    for (let e = rowOffsets[v]; e < rowOffsets[v + 1]; e++) averaging.add(columns[e], 1);
    averaging.endRow(1 / Math.max(1, degrees[v]));
  }
  hosts.forEach((_, g) => {
    for (let v = nodeOffsets[g]; v < nodeOffsets[g + 1]; v++) membership.add(v, 1);
    membership.endRow(1 / Math.max(1, nodeOffsets[g + 1] - nodeOffsets[g]));
  });
  const matrix = averaging.build();
  const around = new Float32Array(features.length);
  const beyond = new Float32Array(features.length);
  const means = new Float32Array(hosts.length * width);
  multiplyRows(matrix, features, width, around);
  multiplyRows(matrix, around, width, beyond);
  multiplyRows(membership.build(), features, width, means);
  const context = new Float32Array(hosts.length * triggerNodes * 4 * width);
  hosts.forEach(({ nodes }, g) => {
    nodes.forEach((node, i) => {
      const start = (g * triggerNodes + i) * 4 * width;
      const row = (nodeOffsets[g] + node) * width;
      [features, around, beyond].forEach((values, block) =>
        context.set(values.subarray(row, row + width), start + block * width),
      );
      context.set(means.subarray(g * width, (g + 1) * width), start + 3 * width);
    });
  });
  return context;
}

/**
 * The hosts with triggers in them.
 *
 * @param adjacency `[hosts, triggerNodes, triggerNodes]`, zeros and ones
 * @param labels one-hot, `[hosts * triggerNodes, columns]`; absent where labels are kept
 */
export function triggeredHosts(
  hosts: readonly TriggerHost[],
  triggerNodes: number,
  adjacency: Float32Array,
  labels: Float32Array | undefined,
): Graph[] {
  const columns = labels === undefined ? 0 : labels.length / (hosts.length * triggerNodes);
  return hosts.map(({ base, nodes }, g) => {
    const edges = cliqueEdges(nodes.length).flatMap(([i, j]) =>
      adjacency[(g * triggerNodes + i) * triggerNodes + j] > 0 ? [nodes[i], nodes[j]] : [],
    );
    const row = (i: number): number => (g * triggerNodes + i) * columns;
    return applyEdit(base, {
      ...noEdit,
      addedEdges: canonicalEdges(base.nodeCount, edges),
      ...(labels && {
        nodes,
        nodeLabels: nodes.map((_, i) => labels.subarray(row(i), row(i) + columns).indexOf(1)),
      }),
    });
  });
}
