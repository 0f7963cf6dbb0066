import * as tf from '@tensorflow/tfjs-core';
import { collate, type GraphBatch } from '../graph/batch';
import { unfolded, type Folding } from '../graph/fold';
import type { FeatureLayout } from '../graph/graph';
import { SparseMatrix } from '../tensor/sparseMatrix';
import { sparseProduct } from '../tensor/sparseProduct';
import type { GeneratedTriggers } from './triggerGenerator';
import type { TriggerHost } from './triggerHosts';

/** Hosts in a batch, ready to be given triggers that gradients flow to. */
export interface SoftHosts {
  /** The hosts without the edges among host nodes. */
  readonly batch: GraphBatch;
  /** Every node on its own: what is under a trigger differs from its likes. */
  readonly folding: Folding;
  /** Which node of the batch is under each trigger node, `[B * k, nodes]`; empty rows where there is none. */
  readonly placement: SparseMatrix;
  /** Features of the batch without the labels of host nodes, `[nodes, layout.width]`, row-major. */
  readonly features: Float32Array;
}

/** A batch of graphs whose triggers are tensors. */
export interface SoftGraphs {
  readonly hosts: SoftHosts;
  /** `[nodes, layout.width]` */
  readonly features: tf.Tensor2D;
  /** Edges among trigger nodes, `[B, k, k]`; they come on top of the batch's. */
  readonly adjacency: tf.Tensor3D;
}

/** Collates hosts. @param labels whether the triggers bring labels of their own */
export function softHosts(
  hosts: readonly TriggerHost[],
  triggerNodes: number,
  layout: FeatureLayout,
  labels: boolean,
): SoftHosts {
  const batch = collate(
    hosts.map(({ base }) => base),
    layout,
  );
  const rowOffsets = new Int32Array(hosts.length * triggerNodes + 1);
  const columns: number[] = [];
  hosts.forEach(({ nodes }, g) => {
    for (let i = 0; i < triggerNodes; i++) {
      if (i < nodes.length) columns.push(batch.nodeOffsets[g] + nodes[i]);
      rowOffsets[g * triggerNodes + i + 1] = columns.length;
    }
  });
  const features = batch.features.slice();
  if (labels) {
    for (const node of columns)
      features.fill(0, node * layout.width + layout.attributeWidth, (node + 1) * layout.width);
  }
  const ones = new Float32Array(columns.length).fill(1);
  const shape = [hosts.length * triggerNodes, batch.nodeCount] as const;
  const placement = new SparseMatrix(shape, rowOffsets, Int32Array.from(columns), ones);
  return { batch, folding: unfolded(batch), placement, features };
}

/** Hosts with triggers; gradients flow to the triggers. To be called within `tf.tidy`. */
export function withTriggers(hosts: SoftHosts, { adjacency, labels }: GeneratedTriggers): SoftGraphs {
  const { batch, placement, features } = hosts;
  const { width, attributeWidth } = batch.layout;
  const fixed = tf.tensor2d(features, [batch.nodeCount, width]);
  if (labels === undefined) return { hosts, features: fixed, adjacency };
  const rows = tf.pad2d(labels, [
    [0, 0],
    [attributeWidth, 0],
  ]);
  return { hosts, features: tf.add(fixed, sparseProduct(placement.transposed, rows)), adjacency };
}

/** What trigger nodes receive over the triggers' edges: A_t h, `[nodes, width]` of `[nodes, width]`. */
export function overTriggerEdges({ hosts: { placement }, adjacency }: SoftGraphs, h: tf.Tensor2D): tf.Tensor2D {
  const [graphs, nodes] = adjacency.shape;
  const width = h.shape[1];
  const ofTriggers: tf.Tensor3D = tf.reshape(sparseProduct(placement, h), [graphs, nodes, width]);
  const received: tf.Tensor2D = tf.reshape(tf.matMul(adjacency, ofTriggers), [graphs * nodes, width]);
  return sparseProduct(placement.transposed, received);
}
