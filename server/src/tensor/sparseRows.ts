import { SparseMatrix } from './sparseMatrix';

/** Builds a sparse matrix row by row; what is added at the same place of a row is summed. */
export class SparseRows {
  private readonly rowOffsets: Int32Array;
  private readonly entries: Entries;
  private readonly columnIndices: Int32Array;
  private readonly values: Float32Array;
  /** Where the row at work has its entry of each column, if that lies at or behind the row's start. */
  private readonly places: Int32Array;
  private row = 0;
  private start = 0;
  private end = 0;

  /**
   * @param shape `[rows, columns]`
   * @param capacity at least as many as `add` will be called
   */
  constructor(
    private readonly shape: readonly [rows: number, columns: number],
    capacity: number,
  ) {
    this.rowOffsets = new Int32Array(shape[0] + 1);
    this.entries = takeEntries(capacity, shape[1]);
    this.columnIndices = this.entries.columnIndices;
    this.values = this.entries.values;
    this.places = this.entries.places.fill(-1, 0, shape[1]);
  }

  /** Adds to an entry of the row at work. */
  add(column: number, value: number): void {
    const place = this.places[column];
    if (place >= this.start) {
      this.values[place] += value;
      return;
    }
    this.places[column] = this.end;
    this.columnIndices[this.end] = column;
    this.values[this.end++] = value;
  }

  /** Ends the row at work, multiplies it by `scale`, and goes on to the next. */
  endRow(scale = 1): void {
    if (scale !== 1) for (let k = this.start; k < this.end; k++) this.values[k] *= scale;
    this.rowOffsets[++this.row] = this.end;
    this.start = this.end;
  }

  /** The matrix, once all its rows have ended; nothing can be added any more. */
  build(): SparseMatrix {
    const { shape, rowOffsets, columnIndices, values, end } = this;
    unused.push(this.entries);
    return new SparseMatrix(shape, rowOffsets, columnIndices.slice(0, end), values.slice(0, end));
  }
}

/** What a matrix is collected in, longer than it need be. */
interface Entries {
  readonly columnIndices: Int32Array;
  readonly values: Float32Array;
  readonly places: Int32Array;
}

/** Taken again and again: fresh memory would cost more than filling it. There are as many as are built at a time. */
const unused: Entries[] = [];

function takeEntries(capacity: number, columns: number): Entries {
  const last = unused.pop();
  const enough = (length = 0, wanted: number): number =>
    length >= wanted ? length : 2 ** Math.ceil(Math.log2(wanted));
  const [entries, places] = [enough(last?.values.length, capacity), enough(last?.places.length, columns)];
  if (last !== undefined && last.values.length === entries && last.places.length === places) return last;
  return {
    columnIndices: new Int32Array(entries),
    values: new Float32Array(entries),
    places: new Int32Array(places),
  };
}
