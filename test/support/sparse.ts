import { SparseMatrix } from '../../server/src/tensor/sparseMatrix';
import { SparseRows } from '../../server/src/tensor/sparseRows';
import type { Rng } from '../../server/src/graph/rng';

/** A matrix with every place filled with the same probability; rows and columns may stay empty. */
export function randomSparse(rng: Rng, rows: number, columns: number, density = 0.3): SparseMatrix {
  const matrix = new SparseRows([rows, columns], rows * columns);
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) if (rng.uniform() < density) matrix.add(c, rng.normal());
    matrix.endRow();
  }
  return matrix.build();
}

/** Edges with self-loops, some of them several times; without, there may be empty rows. */
export function randomEdges(rng: Rng, nodes: number, loops: boolean): SparseMatrix {
  const { shape, rowOffsets, columnIndices } = randomSparse(rng, nodes, nodes, 0.3);
  const rows = Array.from({ length: nodes }, (_, v) => {
    const others = [...columnIndices.subarray(rowOffsets[v], rowOffsets[v + 1])].filter((u) => u !== v);
    return loops ? [v, ...others] : others;
  });
  const offsets = Int32Array.from([0, ...rows]);
  let total = 0;
  for (let v = 0; v < nodes; v++) offsets[v + 1] = total += rows[v].length;
  const values = Float32Array.from({ length: total }, () => 1 + rng.integer(3));
  return new SparseMatrix(shape, offsets, Int32Array.from(rows.flat()), values);
}

/** A sparse matrix of the rows given. */
export function sparseOf(dense: readonly (readonly number[])[]): SparseMatrix {
  const columns = dense[0].length;
  const matrix = new SparseRows([dense.length, columns], dense.length * columns);
  for (const row of dense) {
    row.forEach((value, c) => {
      if (value !== 0) matrix.add(c, value);
    });
    matrix.endRow();
  }
  return matrix.build();
}

/** All values of a sparse matrix, row by row. */
export function denseOf({ shape: [rows, columns], rowOffsets, columnIndices, values }: SparseMatrix): number[][] {
  return Array.from({ length: rows }, (_, r) => {
    const row = new Array<number>(columns).fill(0);
    for (let k = rowOffsets[r]; k < rowOffsets[r + 1]; k++) row[columnIndices[k]] += values[k];
    return row;
  });
}
