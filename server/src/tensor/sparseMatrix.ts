/**
 * A constant sparse matrix in compressed rows: what message passing and readout multiply node features by. Row r has
 * the entries `values[k]` at columns `columnIndices[k]` for k from `rowOffsets[r]` to `rowOffsets[r + 1] - 1`.
 */
export class SparseMatrix {
  private turned: Turned | undefined;

  /**
   * @param shape `[rows, columns]`
   * @param rowOffsets ascending from 0 to the number of entries, `[rows + 1]`
   * @param columnIndices `[entries]`
   * @param values `[entries]`
   */
  constructor(
    readonly shape: readonly [rows: number, columns: number],
    readonly rowOffsets: Int32Array,
    readonly columnIndices: Int32Array,
    readonly values: Float32Array,
  ) {}

  /** The transposed matrix, made when first asked for; its entries are in order of their columns here. */
  get transposed(): SparseMatrix {
    this.turned ??= turn(this);
    return this.turned.matrix;
  }

  /** Of each entry of the transposed matrix its place among the entries here, `[entries]`. */
  get transposedOrder(): Int32Array {
    this.turned ??= turn(this);
    return this.turned.order;
  }

  /** Row of each entry, `[entries]`. */
  rowIndices(): Int32Array {
    const rows = new Int32Array(this.columnIndices.length);
    for (let r = 0; r < this.shape[0]; r++) rows.fill(r, this.rowOffsets[r], this.rowOffsets[r + 1]);
    return rows;
  }
}

interface Turned {
  readonly matrix: SparseMatrix;
  readonly order: Int32Array;
}

/** A counting sort of the entries by column, which keeps rows in order. */
function turn({ shape: [rows, columns], rowOffsets, columnIndices, values }: SparseMatrix): Turned {
  const offsets = new Int32Array(columns + 1);
  for (let k = 0; k < columnIndices.length; k++) offsets[columnIndices[k] + 1]++;
  for (let c = 0; c < columns; c++) offsets[c + 1] += offsets[c];
  const next = offsets.slice(0, columns);
  const indices = new Int32Array(columnIndices.length);
  const order = new Int32Array(columnIndices.length);
  const moved = new Float32Array(columnIndices.length);
  for (let r = 0; r < rows; r++) {
    for (let k = rowOffsets[r]; k < rowOffsets[r + 1]; k++) {
      const to = next[columnIndices[k]]++;
      indices[to] = r;
      order[to] = k;
      moved[to] = values[k];
    }
  }
  return { matrix: new SparseMatrix([columns, rows], offsets, indices, moved), order };
}
