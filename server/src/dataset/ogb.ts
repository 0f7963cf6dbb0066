import { canonicalEdges } from '../graph/edges';
import { DatasetError, type Dataset, type RawGraph } from './dataset';
import { edgeAttributes, type ListedEdges } from './edgeAttributes';
import { contentHash, sortedDistinct } from './tu';
import { parseIntegers, parseNumbers, type NumberTable } from './tuText';

/** The files of OGB's raw folder that are read, in name order; the features are optional. */
export const ogbParts = [
  'edge-feat.csv.gz',
  'edge.csv.gz',
  'graph-label.csv.gz',
  'node-feat.csv.gz',
  'num-edge-list.csv.gz',
  'num-node-list.csv.gz',
] as const;
type OgbPart = (typeof ogbParts)[number];

/** Shows that a folder is one of OGB: no other format has such a file. */
export const ogbMark: OgbPart = 'num-node-list.csv.gz';

/**
 * Reads a data set for graph classification as OGB keeps it in `raw` (Hu et al. 2020, "Open Graph Benchmark"): how many
 * nodes and edges each graph has, edges of each graph counted from 0 in it, and a line of features for each node and
 * edge. An edge is listed once or in both directions; edges become undirected, self-loops are dropped.
 *
 * @param name of the data set
 * @param files contents by file name, decompressed
 * @throws DatasetError naming file, line and reason; also where graphs have several labels
 */
export function parseOgb(name: string, files: ReadonlyMap<string, Uint8Array>): Dataset {
  const optional = (part: OgbPart): Uint8Array | undefined => files.get(part);
  const required = (part: OgbPart): Uint8Array => {
    const bytes = optional(part);
    if (bytes === undefined) throw new DatasetError(part, 'the file is missing');
    return bytes;
  };
  const integers = (part: OgbPart, columns: number): NumberTable => parseIntegers(required(part), part, columns);
  const numbers = (part: OgbPart): NumberTable | undefined => {
    const bytes = optional(part);
    return bytes && parseNumbers(bytes, part);
  };
  const labels = classTable(required('graph-label.csv.gz'));
  if (labels.rows === 0) throw new DatasetError(labels.file, 'the data set has no graphs');
  const edgeList = integers('edge.csv.gz', 2);
  const nodeStarts = startsOf(integers('num-node-list.csv.gz', 1), labels, 1);
  const edgeStarts = startsOf(integers('num-edge-list.csv.gz', 1), labels, 0);
  requireRows(edgeList, edgeStarts[labels.rows], 'edges');
  const nodes = numbers('node-feat.csv.gz');
  if (nodes) requireRows(nodes, nodeStarts[labels.rows], 'nodes');
  const edges = numbers('edge-feat.csv.gz');
  if (edges) requireRows(edges, edgeStarts[labels.rows], 'edges');

  const classValues = sortedDistinct(labels.values);
  const attributeWidth = nodes?.columns ?? 0;
  const rawGraphs = Array.from(labels.values, (label, graph): RawGraph => {
    const [start, end] = [nodeStarts[graph], nodeStarts[graph + 1]];
    const listed = listedEdges(edgeList, edgeStarts[graph], edgeStarts[graph + 1], end - start);
    const own = canonicalEdges(end - start, listed.pairs);
    return {
      nodeCount: end - start,
      edges: own,
      nodeLabels: new Int32Array(0),
      attributes: Float32Array.from(nodes?.values.subarray(start * attributeWidth, end * attributeWidth) ?? []),
      ...(edges && { edgeAttributes: edgeAttributes(end - start, own, listed, edges) }),
      classLabel: classValues.indexOf(label),
    };
  });
  return {
    name,
    rawGraphs,
    classNames: classValues.map(String),
    distinctNodeLabels: [],
    attributeWidth,
    ...(edges && { edgeAttributeWidth: edges.columns }),
    hash: contentHash(ogbParts.map((part) => files.get(part))),
  };
}

/** One class a graph: what OGB has for several tasks, with gaps, is no classification of graphs. */
function classTable(bytes: Uint8Array): NumberTable {
  const file: OgbPart = 'graph-label.csv.gz';
  const { columns, lines } = parseNumbers(bytes, file);
  if (columns <= 1) return parseIntegers(bytes, file, 1);
  throw new DatasetError(file, `each graph has ${columns} labels; data sets with one class a graph are read`, lines[0]);
}

/** First row of each graph, and the number of rows at the end, `[graphs + 1]`. @param least of each graph */
function startsOf(counts: NumberTable, { rows: graphs, file }: NumberTable, least: number): Int32Array {
  if (counts.rows !== graphs)
    throw new DatasetError(counts.file, `${counts.rows} lines for ${graphs} graphs of ${file}`);
  const starts = new Int32Array(graphs + 1);
  counts.values.forEach((count, graph) => {
    const total = starts[graph] + count;
    if (count < least || total > 0x7fffffff) {
      throw new DatasetError(counts.file, `a graph cannot have ${count}`, counts.lines[graph]);
    }
    starts[graph + 1] = total;
  });
  return starts;
}

function requireRows({ rows, file }: NumberTable, expected: number, what: string): void {
  if (rows !== expected) throw new DatasetError(file, `${rows} lines for ${expected} ${what}`);
}

function listedEdges(table: NumberTable, start: number, end: number, nodeCount: number): ListedEdges {
  const pairs: number[] = [];
  const rows: number[] = [];
  for (let row = start; row < end; row++) {
    const [u, v] = table.values.subarray(2 * row, 2 * row + 2);
    for (const node of [u, v]) {
      if (node >= 0 && node < nodeCount) continue;
      const reason = `node ${node} does not exist: the graph has ${nodeCount} (counted from 0)`;
      throw new DatasetError(table.file, reason, table.lines[row]);
    }
    pairs.push(u, v);
    rows.push(row);
  }
  return { pairs, rows };
}
