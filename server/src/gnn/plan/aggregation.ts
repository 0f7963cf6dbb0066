import type { GraphBatch } from '../../graph/batch';
import type { Folding } from '../../graph/fold';
import { WeakMemo } from '../../graph/weakMemo';
import type { SparseMatrix } from '../../tensor/sparseMatrix';
import { SparseRows } from '../../tensor/sparseRows';

/** What messages of neighbours weigh. */
export interface Weighing {
  /** Weight of a node among its neighbours; 0 for none. */
  readonly selfLoop: number;
  /** What messages are divided by, with degrees that count self-loops: the degree of the receiver, the roots of both. */
  readonly dividedBy?: 'receiver' | 'both';
  /** Weight of a node's own row beside its neighbours, divided by nothing. Default 0. */
  readonly own?: number;
}

const matrices = new WeakMemo<Folding, SparseMatrix>();

/**
 * Sums and means over neighbours on classes of nodes: what `sumAggregation` and `normalisedAggregation` do not have.
 *
 * @param folding by degree where messages are divided by the roots of both
 * @param layer counted from 1
 * @returns `[classes at level layer, classes at level layer - 1]`, kept as long as the folding
 */
export function aggregation(
  batch: GraphBatch,
  folding: Folding,
  layer: number,
  { selfLoop, dividedBy, own = 0 }: Weighing,
): SparseMatrix {
  return matrices.get(folding, `${layer} ${selfLoop} ${dividedBy} ${own}`, () => {
    const { representatives } = folding.level(layer);
    const { classOf, count } = folding.level(layer - 1);
    const { rowOffsets, columns, degrees } = batch;
    const rows = new SparseRows([representatives.length, count], 2 * representatives.length + columns.length);
    const degree = (node: number): number => Math.max(1, degrees[node] + selfLoop);
    for (const v of representatives) {
      const weigh = (u: number): number => {
        if (dividedBy === undefined) return 1;
        return dividedBy === 'receiver' ? 1 / degree(v) : 1 / Math.sqrt(degree(v) * degree(u));
      };
      const self = own + (selfLoop === 0 ? 0 : selfLoop * weigh(v));
      if (self !== 0) rows.add(classOf[v], self);
      for (let e = rowOffsets[v]; e < rowOffsets[v + 1]; e++) rows.add(classOf[columns[e]], weigh(columns[e]));
      rows.endRow();
    }
    return rows.build();
  });
}
