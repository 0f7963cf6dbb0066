import type { GraphBatch } from '../../graph/batch';
import { SparseMatrix } from '../../tensor/sparseMatrix';
import type { Region } from './region';

/**
 * What all nodes of a batch gather their rows by: their own, weighted, and their neighbours', `[nodes, nodes]`.
 *
 * @param selfWeight weight of a node's own row
 */
export function batchGathering({ nodeCount, rowOffsets, columns }: GraphBatch, selfWeight: number): SparseMatrix {
  const offsets = rowOffsets.map((offset, v) => offset + v);
  const indices = new Int32Array(columns.length + nodeCount);
  const values = new Float32Array(indices.length).fill(1);
  for (let v = 0; v < nodeCount; v++) {
    indices[offsets[v]] = v;
    values[offsets[v]] = selfWeight;
    indices.set(columns.subarray(rowOffsets[v], rowOffsets[v + 1]), offsets[v] + 1);
  }
  return new SparseMatrix([nodeCount, nodeCount], offsets, indices, values);
}

/** What rows of a layer are gathered by from those of the layer before, in two parts to be added. */
export interface RegionGathering {
  /** From the rows of the unchanged batch, `[rows, batch nodes]`. */
  readonly kept: SparseMatrix;
  /** From the rows that the regions changed, region by region, `[rows, changed rows]`. */
  readonly changed: SparseMatrix;
}

/**
 * What the nodes of several regions gather their rows of one layer by.
 *
 * @param layer counted from 1; layer 0 are the features
 * @param selfWeight weight of a node's own row
 * @returns one row for each node reached by the layer, region by region
 */
export function regionGathering(
  regions: readonly Region[],
  layer: number,
  batchNodes: number,
  selfWeight: number,
): RegionGathering {
  let rows = 0;
  let entries = 0;
  for (const { reached, neighbourOffsets } of regions) {
    rows += reached[layer];
    entries += reached[layer] + neighbourOffsets[reached[layer]];
  }
  const kept = new Entries(rows, entries);
  const changed = new Entries(rows, entries);
  let changedFrom = 0;
  for (const { nodes, reached, neighbourOffsets, neighbours } of regions) {
    const before = reached[layer - 1];
    for (let i = 0; i < reached[layer]; i++) {
      if (i < before) changed.add(changedFrom + i, selfWeight);
      else kept.add(nodes[i], selfWeight);
      for (let k = neighbourOffsets[i]; k < neighbourOffsets[i + 1]; k++) {
        const neighbour = neighbours[k];
        if (neighbour >= 0) kept.add(neighbour, 1);
        else if (~neighbour < before) changed.add(changedFrom + ~neighbour, 1);
        else kept.add(nodes[~neighbour], 1);
      }
      kept.endRow();
      changed.endRow();
    }
    changedFrom += before;
  }
  return { kept: kept.matrix(batchNodes), changed: changed.matrix(changedFrom) };
}

/** Entries of a matrix, row by row. Unlike `SparseRows` it takes no memory by the number of columns. */
class Entries {
  private readonly offsets: Int32Array;
  private readonly columns: Int32Array;
  private readonly values: Float32Array;
  private row = 0;
  private end = 0;

  constructor(
    private readonly rows: number,
    capacity: number,
  ) {
    this.offsets = new Int32Array(rows + 1);
    this.columns = new Int32Array(capacity);
    this.values = new Float32Array(capacity);
  }

  add(column: number, value: number): void {
    this.columns[this.end] = column;
    this.values[this.end++] = value;
  }

  endRow(): void {
    this.offsets[++this.row] = this.end;
  }

  matrix(columns: number): SparseMatrix {
    const { rows, offsets, end } = this;
    return new SparseMatrix([rows, columns], offsets, this.columns.subarray(0, end), this.values.subarray(0, end));
  }
}
