import { DatasetError } from './dataset';
import type { NumberTable } from './tuText';

/** The edges of one graph as a file lists them, each once or in both directions. */
export interface ListedEdges {
  /** `[u0, v0, u1, v1, ...]`, node ids of the graph. */
  readonly pairs: readonly number[];
  /** Row of each pair in the table of attributes, `[pairs]`. */
  readonly rows: readonly number[];
}

/**
 * Attributes of the edges of a graph, in their order.
 *
 * @param edges in the form of `RawGraph.edges`
 * @param table a row for each pair of all graphs
 * @returns row-major `[edges, table.columns]`
 * @throws DatasetError where an edge has other attributes in one direction than in the other
 */
export function edgeAttributes(
  nodeCount: number,
  edges: Int32Array,
  { pairs, rows }: ListedEdges,
  table: NumberTable,
): Float32Array {
  const { columns, values, file, lines } = table;
  const rowOf = new Map<number, number>();
  rows.forEach((row, i) => {
    const [u, v] = [pairs[2 * i], pairs[2 * i + 1]];
    const key = Math.min(u, v) * nodeCount + Math.max(u, v);
    const other = rowOf.get(key);
    if (other === undefined) rowOf.set(key, row);
    else if (!sameRow(table, row, other)) {
      throw new DatasetError(file, `the same edge has other attributes in line ${lines[other]}`, lines[row]);
    }
  });
  const attributes = new Float32Array((edges.length / 2) * columns);
  for (let i = 0; i < edges.length; i += 2) {
    const row = rowOf.get(edges[i] * nodeCount + edges[i + 1]) ?? 0;
    attributes.set(values.subarray(row * columns, (row + 1) * columns), (i / 2) * columns);
  }
  return attributes;
}

function sameRow({ columns, values }: NumberTable, a: number, b: number): boolean {
  for (let column = 0; column < columns; column++) {
    if (values[a * columns + column] !== values[b * columns + column]) return false;
  }
  return true;
}
