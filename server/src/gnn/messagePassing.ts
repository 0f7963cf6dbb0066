import type { Readout } from '../../../protocol/model';
import type { GraphBatch } from '../graph/batch';
import type { Folding, NodeClasses } from '../graph/fold';
import { WeakMemo } from '../graph/weakMemo';
import type { SparseMatrix } from '../tensor/sparseMatrix';
import { multiplyRows } from '../tensor/sparseProduct';
import { SparseRows } from '../tensor/sparseRows';

const aggregations = new WeakMemo<Folding, SparseMatrix>();
const distinct = new WeakMemo<Folding, Float32Array>();
const aggregated = new WeakMemo<SparseMatrix, Float32Array>();
const readouts = new WeakMemo<NodeClasses, SparseMatrix>();

/**
 * Sum aggregation of GIN on classes of nodes: the own row weighs `selfWeight`, each neighbour's weighs 1.
 *
 * @param layer counted from 1, here and below
 * @returns `[classes at level layer, classes at level layer - 1]`, kept as long as the folding
 */
export function sumAggregation(batch: GraphBatch, folding: Folding, layer: number, selfWeight: number): SparseMatrix {
  return aggregations.get(folding, `sum ${layer} ${selfWeight}`, () => {
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
 * Aggregation of GCN on classes of nodes, (D + I)^-1/2 (A + I) (D + I)^-1/2 (Kipf & Welling 2017, equation 2).
 *
 * @param folding by degree
 * @returns `[classes at level layer, classes at level layer - 1]`, kept as long as the folding
 */
export function normalisedAggregation(batch: GraphBatch, folding: Folding, layer: number): SparseMatrix {
  return aggregations.get(folding, `normalised ${layer}`, () => {
    const { representatives } = folding.level(layer);
    const { classOf, count } = folding.level(layer - 1);
    const { rowOffsets, columns, degrees } = batch;
    const rows = new SparseRows([representatives.length, count], representatives.length + columns.length);
    for (const v of representatives) {
      rows.add(classOf[v], 1 / (degrees[v] + 1));
      for (let e = rowOffsets[v]; e < rowOffsets[v + 1]; e++) {
        const u = columns[e];
        rows.add(classOf[u], 1 / Math.sqrt((degrees[v] + 1) * (degrees[u] + 1)));
      }
      rows.endRow();
    }
    return rows.build();
  });
}

/**
 * Mean of the neighbours, zero where there are none, and the node's own row: what GraphSAGE multiplies by its weights
 * (Hamilton et al. 2017). The two rows of a class stand one below the other.
 *
 * @returns `[2 * classes at level layer, classes at level layer - 1]`, kept as long as the folding
 */
export function meanAndOwn(batch: GraphBatch, folding: Folding, layer: number): SparseMatrix {
  return aggregations.get(folding, `mean and own ${layer}`, () => {
    const { representatives } = folding.level(layer);
    const { classOf, count } = folding.level(layer - 1);
    const { rowOffsets, columns } = batch;
    const rows = new SparseRows([2 * representatives.length, count], representatives.length + columns.length);
    for (const v of representatives) {
      const degree = rowOffsets[v + 1] - rowOffsets[v];
      for (let e = rowOffsets[v]; e < rowOffsets[v + 1]; e++) rows.add(classOf[columns[e]], 1);
      rows.endRow(1 / Math.max(1, degree));
      rows.add(classOf[v], 1);
      rows.endRow();
    }
    return rows.build();
  });
}

/**
 * Who attends to whom in a layer of GAT: each class to itself and its neighbours, as often as there are any. Both ends
 * are classes of the same level, the finer one, because attention needs both ends' rows.
 *
 * @param selfLoops whether classes attend to themselves
 * @returns `[classes at level layer, classes at level layer]`, kept as long as the folding
 */
export function neighbourhoods(batch: GraphBatch, folding: Folding, layer: number, selfLoops = true): SparseMatrix {
  return aggregations.get(folding, `neighbourhoods ${layer} ${selfLoops}`, () => {
    const { representatives, classOf, count } = folding.level(layer);
    const { rowOffsets, columns } = batch;
    const rows = new SparseRows([count, count], count + columns.length);
    for (const v of representatives) {
      if (selfLoops) rows.add(classOf[v], 1);
      for (let e = rowOffsets[v]; e < rowOffsets[v + 1]; e++) rows.add(classOf[columns[e]], 1);
      rows.endRow();
    }
    return rows.build();
  });
}

/**
 * Hands the rows of a level to the classes of a later one.
 *
 * @param from level of the rows. Default: the one before `layer`
 * @returns `[classes at level layer, classes at level from]`, kept as long as the folding
 */
export function refinement(folding: Folding, layer: number, from = layer - 1): SparseMatrix {
  return aggregations.get(folding, `refinement ${from} ${layer}`, () => {
    const { representatives, count } = folding.level(layer);
    const before = folding.level(from);
    const rows = new SparseRows([count, before.count], count);
    for (const v of representatives) {
      rows.add(before.classOf[v], 1);
      rows.endRow();
    }
    return rows.build();
  });
}

/** Features of the classes at level 0, row-major `[classes, layout.width]`, kept as long as the folding. */
export function distinctFeatures({ features, layout: { width } }: GraphBatch, folding: Folding): Float32Array {
  return distinct.get(folding, '', () => {
    const { representatives } = folding.level(0);
    const rows = new Float32Array(representatives.length * width);
    representatives.forEach((v, c) => rows.set(features.subarray(v * width, (v + 1) * width), c * width));
    return rows;
  });
}

/**
 * Aggregated input features: constant, so computed once and kept as long as the matrix.
 *
 * @param matrix aggregation of the first layer, `[rows, classes at level 0]`
 * @returns row-major `[rows, layout.width]`
 */
export function aggregatedFeatures(batch: GraphBatch, folding: Folding, matrix: SparseMatrix): Float32Array {
  return aggregated.get(matrix, '', () => {
    const { width } = batch.layout;
    const rows = new Float32Array(matrix.shape[0] * width);
    multiplyRows(matrix, distinctFeatures(batch, folding), width, rows);
    return rows;
  });
}

/**
 * Sum or mean over the nodes of each graph, on classes of nodes.
 *
 * @returns `[graphs, classes]`, kept as long as the classes
 */
export function readoutMatrix(batch: GraphBatch, classes: NodeClasses, readout: Exclude<Readout, 'max'>): SparseMatrix {
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
