import { existsSync } from 'node:fs';
import path from 'node:path';
import { encodeDataset } from '../../server/src/dataset/features';
import { loadDataset } from '../../server/src/dataset/loadDataset';
import { canonicalEdges } from '../../server/src/graph/edges';
import type { Graph } from '../../server/src/graph/graph';
import { Rng } from '../../server/src/graph/rng';

export const modelKinds = ['gin', 'gcn', 'gat'] as const;
export type ModelKind = (typeof modelKinds)[number];

/** Attention heads of the GAT; they share the hidden width. */
export const attentionHeads = 4;

export interface ModelShape {
  readonly kind: ModelKind;
  readonly inputs: number;
  readonly hidden: number;
  readonly layers: number;
  readonly classes: number;
}

/** The classifier that everything is measured on unless said otherwise: 3 layers of 64, two classes. */
export function ginShape(inputs: number): ModelShape {
  return { kind: 'gin', inputs, hidden: 64, layers: 3, classes: 2 };
}

/** What a model is trained on: graphs with labels as features, and the batches to go round in. */
export interface Workload {
  /** What the graphs are, for readers. */
  readonly data: string;
  readonly graphs: readonly Graph[];
  readonly labelColumns: number;
  /** Indices into `graphs`. */
  readonly batches: readonly (readonly number[])[];
}

/** An epoch of PROTEINS at batch 32 has 35 batches; fewer keep preparation short, and sizes still vary. */
const batchCount = 16;

/**
 * Random batches of PROTEINS or, where its folder is missing, of made-up graphs of the same statistics.
 *
 * @param folder of the TU data set
 */
export async function proteinsWorkload(folder: string, batchSize: number): Promise<Workload> {
  if (!existsSync(folder)) {
    const graphs = madeUpGraphs({ count: 512, nodes: 39, degree: 3.73 }, new Rng(0, 'proteins-like'));
    const data = `made-up graphs with the node and edge counts of PROTEINS (${path.basename(folder)} is not there)`;
    return { data, graphs, labelColumns: madeUpLabels, batches: drawBatches(graphs.length, batchSize) };
  }
  const { graphs, layout } = encodeDataset(await loadDataset(folder), 'labels');
  return {
    data: 'PROTEINS',
    graphs,
    labelColumns: layout.labelColumns,
    batches: drawBatches(graphs.length, batchSize),
  };
}

export interface MadeUpGraphs {
  readonly count: number;
  /** Mean number of nodes; graphs have from a quarter of it to seven quarters. */
  readonly nodes: number;
  /** Mean degree, at least 2: every graph is connected. */
  readonly degree: number;
}

const madeUpLabels = 3;

/** Batches of made-up graphs: random trees with further random edges. */
export function madeUpWorkload(options: MadeUpGraphs, batchSize: number): Workload {
  const graphs = madeUpGraphs(options, new Rng(0, 'made-up graphs'));
  return { data: 'made-up graphs', graphs, labelColumns: madeUpLabels, batches: drawBatches(graphs.length, batchSize) };
}

function madeUpGraphs({ count, nodes, degree }: MadeUpGraphs, rng: Rng): Graph[] {
  return Array.from({ length: count }, () => {
    const nodeCount = Math.max(2, Math.round(rng.between(0.25, 1.75) * nodes));
    const pairs: number[] = [];
    for (let v = 1; v < nodeCount; v++) pairs.push(v, rng.integer(v));
    const further = (degree / 2) * nodeCount - (nodeCount - 1);
    for (let e = 0; e < further; e++) pairs.push(rng.integer(nodeCount), rng.integer(nodeCount));
    return {
      nodeCount,
      edges: canonicalEdges(nodeCount, pairs),
      nodeLabels: Int32Array.from({ length: nodeCount }, () => rng.integer(madeUpLabels)),
      attributes: new Float32Array(0),
      classLabel: rng.integer(2),
    };
  });
}

/** Batches of `batchSize` graphs without repetition until all have had their turn. */
function drawBatches(graphCount: number, batchSize: number): number[][] {
  const rng = new Rng(0, 'batches');
  let order: number[] = [];
  return Array.from({ length: Math.min(batchCount, Math.ceil((4 * graphCount) / batchSize)) }, () => {
    while (order.length < batchSize) order = [...order, ...rng.permutation(graphCount)];
    const batch = order.slice(0, batchSize);
    order = order.slice(batchSize);
    return batch;
  });
}

/** Nodes and directed edges of a batch, averaged over the workload's batches. */
export function meanSize({ graphs, batches }: Workload): { nodes: number; edges: number } {
  const members = batches.flat().map((i) => graphs[i]);
  const sum = (of: (graph: Graph) => number): number => members.reduce((total, graph) => total + of(graph), 0);
  return {
    nodes: Math.round(sum((graph) => graph.nodeCount) / batches.length),
    edges: Math.round(sum((graph) => graph.edges.length) / batches.length),
  };
}
