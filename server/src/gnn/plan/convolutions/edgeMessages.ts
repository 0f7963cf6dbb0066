import * as tf from '@tensorflow/tfjs-core';
import type { GraphBatch } from '../../../graph/batch';
import type { Folding } from '../../../graph/fold';
import { WeakMemo } from '../../../graph/weakMemo';
import type { SparseMatrix } from '../../../tensor/sparseMatrix';
import { sparseProduct } from '../../../tensor/sparseProduct';
import { SparseRows } from '../../../tensor/sparseRows';
import type { LayerRun } from '../../layerRun';
import { placesIn, type TableRows } from '../embedding';
import type { EmbeddingTables } from '../modelPlan';

/** Messages over edges with features; those that are the same are computed once. */
interface EdgeMessages {
  /** Who sends each message, `[messages, classes at the level before]`. */
  readonly senders: SparseMatrix;
  /** Rows of the tables that stand for the edge of each, `[messages, places]`. */
  readonly edges: SparseMatrix;
  /** Who receives which, `[classes of this level, messages]`. */
  readonly received: SparseMatrix;
}

const known = new WeakMemo<Folding, EdgeMessages>();

/**
 * The sum of ReLU(h_j + e_ij) over the neighbours j of each class of nodes i.
 *
 * @param h rows of the level before, `[classes, width]`
 * @param tables whose rows stand for edges
 * @param byDegree divide each message by the roots of both ends' degrees, which count the nodes themselves; the folding
 *   is by degree then
 * @returns `[classes of this level, width]`
 * @throws RangeError where the batch's edges have no features, or others than the tables have places for
 */
export function messagesOverEdges(
  { batch, folding, depth }: LayerRun,
  h: tf.Tensor2D,
  rows: TableRows,
  { tables, byDegree }: { readonly tables: EmbeddingTables; readonly byDegree: boolean },
): tf.Tensor2D {
  const sizes = tables.tables.map(({ places }) => places).join();
  const { senders, edges, received } = known.get(folding, `${depth} ${byDegree} ${sizes}`, () =>
    edgeMessages(batch, folding, depth, tables, byDegree),
  );
  if (senders.shape[0] === 0) return tf.zeros([received.shape[0], h.shape[1]]);
  const messages = tf.relu(tf.add<tf.Tensor2D>(sparseProduct(senders, h), sparseProduct(edges, rows)));
  return sparseProduct(received, messages);
}

function edgeMessages(
  batch: GraphBatch,
  folding: Folding,
  layer: number,
  tables: EmbeddingTables,
  byDegree: boolean,
): EdgeMessages {
  const { rowOffsets, columns, degrees, edgeLabels, layout } = batch;
  const { edgeRows } = layout;
  if (edgeLabels === undefined || edgeRows?.width !== tables.tables.length) {
    throw new RangeError(`the model takes ${tables.tables.length} numbers an edge, the graphs have others or none`);
  }
  const { representatives } = folding.level(layer);
  const { classOf, count } = folding.level(layer - 1);
  const labels = edgeRows.values.length / edgeRows.width;
  const numbers = new Map<number, number>();
  const sender: number[] = [];
  const label: number[] = [];
  /** The message over each edge that is looked at. */
  const messageOf: number[] = [];
  for (const v of representatives) {
    for (let e = rowOffsets[v]; e < rowOffsets[v + 1]; e++) {
      const from = classOf[columns[e]];
      const key = from * labels + edgeLabels[e];
      let message = numbers.get(key);
      if (message === undefined) {
        numbers.set(key, (message = sender.length));
        sender.push(from);
        label.push(edgeLabels[e]);
      }
      messageOf.push(message);
    }
  }
  const received = new SparseRows([representatives.length, sender.length], messageOf.length);
  let next = 0;
  for (const v of representatives) {
    for (let e = rowOffsets[v]; e < rowOffsets[v + 1]; e++) {
      const weight = byDegree ? 1 / Math.sqrt((degrees[v] + 1) * (degrees[columns[e]] + 1)) : 1;
      received.add(messageOf[next++], weight);
    }
    received.endRow();
  }
  const senders = new SparseRows([sender.length, count], sender.length);
  for (const from of sender) {
    senders.add(from, 1);
    senders.endRow();
  }
  return { senders: senders.build(), edges: placesIn(tables, edgeRows.values, label), received: received.build() };
}
