import type { FeatureLayout, Graph, RowTable } from '../graph/graph';
import type { Dataset } from './dataset';
import type { WholeColumns } from './wholeColumns';

/**
 * Makes inputs of models that embed whole numbers. A node's label is the number of its row among the distinct rows of
 * the data set in ascending order, so that whatever draws or sets labels gives rows that occur; an edge's label the same
 * among the rows of edges, the most frequent first.
 *
 * @param columns of the data set's, with those of nodes; edges have labels where there are those of edges
 */
export function encodeEmbedded(
  { rawGraphs, attributeWidth }: Dataset,
  columns: WholeColumns,
): { graphs: Graph[]; layout: FeatureLayout } {
  const nodes = new DistinctRows(columns.nodes ?? []);
  const edges = new DistinctRows(columns.edges ?? []);
  const hasEdges = columns.edges !== undefined;
  for (const { attributes, edgeAttributes } of rawGraphs) {
    nodes.count(attributes);
    if (hasEdges && edgeAttributes) edges.count(edgeAttributes);
  }
  const rows = nodes.numbered(compareRows);
  const edgeRows = edges.numbered((a, b) => b.count - a.count || compareRows(a, b));
  return {
    graphs: rawGraphs.map((raw) => ({
      nodeCount: raw.nodeCount,
      edges: raw.edges,
      nodeLabels: nodes.numbersOf(raw.attributes),
      attributes: new Float32Array(0),
      ...(hasEdges && { edgeLabels: edges.numbersOf(raw.edgeAttributes ?? []) }),
      classLabel: raw.classLabel,
    })),
    layout: {
      ...{ kind: 'embedded', width: attributeWidth, attributeWidth: 0 },
      labelColumns: rows.values.length / attributeWidth,
      rows: rows.values,
      ...(hasEdges && { edgeRows }),
    },
  };
}

interface CountedRow {
  readonly row: readonly number[];
  count: number;
  number: number;
}

/** The distinct rows of some matrices of whole numbers from 0 on. */
class DistinctRows {
  private readonly known = new Map<number | string, CountedRow>();
  private readonly factors: readonly number[] | undefined;

  /** @param places larger than any number of each column */
  constructor(private readonly places: readonly number[]) {
    const factors: number[] = [];
    const all = places.reduce((product, count) => {
      factors.push(product);
      return product * count;
    }, 1);
    if (all <= Number.MAX_SAFE_INTEGER) this.factors = factors;
  }

  count(matrix: ArrayLike<number>): void {
    const width = this.places.length;
    for (let i = 0; i < matrix.length; i += width) {
      const key = this.keyOf(matrix, i);
      const known = this.known.get(key);
      if (known !== undefined) known.count++;
      else this.known.set(key, { row: rowAt(matrix, i, width), count: 1, number: 0 });
    }
  }

  /** All rows in an order, by which they are numbered from now on. */
  numbered(compare: (a: CountedRow, b: CountedRow) => number): RowTable {
    const sorted = [...this.known.values()].sort(compare);
    sorted.forEach((counted, number) => (counted.number = number));
    return { width: this.places.length, values: Float32Array.from(sorted.flatMap(({ row }) => row)) };
  }

  numbersOf(matrix: ArrayLike<number>): Int32Array {
    const width = this.places.length;
    const numberAt = (i: number): number => this.known.get(this.keyOf(matrix, i * width))?.number ?? 0;
    return Int32Array.from({ length: matrix.length / width }, (_, i) => numberAt(i));
  }

  /** One number a row where that is exact: there are millions of rows in large data sets. */
  private keyOf(matrix: ArrayLike<number>, start: number): number | string {
    const { factors } = this;
    if (factors === undefined) return rowAt(matrix, start, this.places.length).join();
    let key = 0;
    for (let j = 0; j < factors.length; j++) key += matrix[start + j] * factors[j];
    return key;
  }
}

function rowAt(matrix: ArrayLike<number>, start: number, width: number): number[] {
  return Array.from({ length: width }, (_, j) => matrix[start + j]);
}

function compareRows({ row: a }: CountedRow, { row: b }: CountedRow): number {
  const differing = a.findIndex((value, i) => value !== b[i]);
  return differing < 0 ? 0 : a[differing] - b[differing];
}
