import type { Readout } from '../../../protocol/model';
import type { GraphBatch } from '../graph/batch';
import type { Folding, NodeClasses } from '../graph/fold';
import { WeakMemo } from '../graph/weakMemo';
import type { SparseMatrix } from '../tensor/sparseMatrix';
import { multiplyRows } from '../tensor/sparseProduct';
import { SparseRows } from '../tensor/sparseRows';

const aggregations = new WeakMemo<Folding, SparseMatrix>();
const inputs = new WeakMemo<Folding, Float32Array>();
const readouts = new WeakMemo<NodeClasses, SparseMatrix>();

/**
 * Sum aggregation of GIN on classes of nodes: the own row weighs `selfWeight`, each neighbour's weighs 1.
 *
 * @param layer counted from 1
 * @returns `[classes at level layer, classes at level layer - 1]`, kept as long as the folding
 */
export function sumAggregation(batch: GraphBatch, folding: Folding, layer: number, selfWeight: number): SparseMatrix {
  return aggregations.get(folding, `${layer} ${selfWeight}`, () => {
    const { representatives } = folding.level(layer);
    const { classOf, count } = folding.level(layer - 1);
    const { rowOffsets, columns } = batch;
    const rows = new SparseRows([representatives.length, count], representatives.length + columns.length);
    for (const v of representatives) {
      rows.add(classOf[v], selfWeight);
      for (let e = rowOffsets[v]; e < rowOffsets[v + 1]; e++) rows.add(classOf[columns[e]], 1);
      rows.endRow();
    }
    return rows.build();
  });
}

/**
 * Aggregated input features: constant, so computed once and kept as long as the folding.
 *
 * @returns row-major `[classes at level 1, layout.width]`
 */
export function aggregatedFeatures(batch: GraphBatch, folding: Folding, selfWeight: number): Float32Array {
  return inputs.get(folding, `${selfWeight}`, () => {
    const { features, layout } = batch;
    const { width } = layout;
    const { representatives } = folding.level(0);
    const distinct = new Float32Array(representatives.length * width);
    representatives.forEach((v, c) => distinct.set(features.subarray(v * width, (v + 1) * width), c * width));
    const aggregation = sumAggregation(batch, folding, 1, selfWeight);
    const aggregated = new Float32Array(aggregation.shape[0] * width);
    multiplyRows(aggregation, distinct, width, aggregated);
    return aggregated;
  });
}

/**
 * Sum or mean over the nodes of each graph, on classes of nodes.
 *
 * @returns `[graphs, classes]`, kept as long as the classes
 */
export function readoutMatrix(batch: GraphBatch, classes: NodeClasses, readout: Readout): SparseMatrix {
  return readouts.get(classes, readout, () => {
    const { graphCount, nodeCount, nodeOffsets } = batch;
    const rows = new SparseRows([graphCount, classes.count], nodeCount);
    for (let g = 0; g < graphCount; g++) {
      for (let v = nodeOffsets[g]; v < nodeOffsets[g + 1]; v++) rows.add(classes.classOf[v], 1);
      rows.endRow(readout === 'mean' ? 1 / (nodeOffsets[g + 1] - nodeOffsets[g]) : 1);
    }
    return rows.build();
  });
}
