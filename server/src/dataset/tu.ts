import { createHash } from 'node:crypto';
import { canonicalEdges } from '../graph/edges';
import { DatasetError, type Dataset, type RawGraph } from './dataset';
import { edgeAttributes, type ListedEdges } from './edgeAttributes';
import { places } from './wholeColumns';
import { parseIntegers, parseNumbers, type NumberTable } from './tuText';

/** The files of a TU data set that are read, without `NAME_`, in name order; those of edges and nodes are optional. */
export const tuParts = [
  'A.txt',
  'edge_attributes.txt',
  'edge_labels.txt',
  'graph_indicator.txt',
  'graph_labels.txt',
  'node_attributes.txt',
  'node_labels.txt',
] as const;
type TuPart = (typeof tuParts)[number];

/**
 * Reads a TU data set (Morris et al. 2020, "TUDataset"): `NAME_A.txt` with 1-based "row, column" of edges,
 * `NAME_graph_indicator.txt` with the 1-based graph of each node, `NAME_graph_labels.txt`, and optionally
 * `NAME_node_labels.txt` and `NAME_node_attributes.txt`. Edges become undirected; self-loops are dropped, as in
 * PyTorch Geometric.
 *
 * `NAME_edge_attributes.txt`, or else `NAME_edge_labels.txt`, counts where a model could embed both: where attributes of
 * nodes and edges are whole numbers from 0 on. No other model takes features of edges, so what is wrong with them is told
 * (`edgeProblem`) and nothing else is refused for it.
 *
 * @param name NAME
 * @param files contents by file name; names outside {@link tuParts} are ignored
 * @throws DatasetError naming file, line and reason
 */
export function parseTu(name: string, files: ReadonlyMap<string, Uint8Array>): Dataset {
  const fileOf = (part: TuPart): string => `${name}_${part}`;
  const required = (part: TuPart): Uint8Array => {
    const bytes = files.get(fileOf(part));
    if (bytes === undefined) throw new DatasetError(fileOf(part), 'the file is missing');
    return bytes;
  };
  const adjacencyBytes = required('A.txt');
  const indicatorBytes = required('graph_indicator.txt');
  const classBytes = required('graph_labels.txt');
  const labelBytes = files.get(fileOf('node_labels.txt'));
  const attributeBytes = files.get(fileOf('node_attributes.txt'));

  const classes = parseIntegers(classBytes, fileOf('graph_labels.txt'), 1);
  if (classes.rows === 0) throw new DatasetError(classes.file, 'the data set has no graphs');
  const indicator = parseIntegers(indicatorBytes, fileOf('graph_indicator.txt'), 1);
  const starts = graphStarts(indicator, classes);
  const nodeLabels = labelBytes && perNode(parseIntegers(labelBytes, fileOf('node_labels.txt'), 1), indicator.rows);
  const attributes =
    attributeBytes && perNode(parseNumbers(attributeBytes, fileOf('node_attributes.txt')), indicator.rows);
  const listed = edgesByGraph(parseIntegers(adjacencyBytes, fileOf('A.txt'), 2), indicator, starts);
  const edgesOf = listed.map(({ pairs }, graph) => canonicalEdges(starts[graph + 1] - starts[graph], pairs));
  const ofEdges = attributes && places([attributes.values], attributes.columns) && readEdges(name, files, listed, edgesOf, starts); // prettier-ignore

  const classValues = sortedDistinct(classes.values);
  const classOf = new Map(classValues.map((value, index) => [value, index]));
  const attributeWidth = attributes?.columns ?? 0;
  const rawGraphs = Array.from(classes.values, (value, graph): RawGraph => {
    const start = starts[graph];
    const end = starts[graph + 1];
    return {
      nodeCount: end - start,
      edges: edgesOf[graph],
      nodeLabels: Int32Array.from(nodeLabels?.values.subarray(start, end) ?? []),
      attributes: Float32Array.from(attributes?.values.subarray(start * attributeWidth, end * attributeWidth) ?? []),
      ...(ofEdges?.graphs && { edgeAttributes: ofEdges.graphs[graph] }),
      classLabel: classOf.get(value) ?? 0,
    };
  });
  return {
    name,
    rawGraphs,
    classNames: classValues.map(String),
    distinctNodeLabels: nodeLabels ? sortedDistinct(nodeLabels.values) : [],
    attributeWidth,
    ...(ofEdges?.graphs && { edgeAttributeWidth: ofEdges.width }),
    ...(ofEdges?.problem !== undefined && { edgeProblem: ofEdges.problem }),
    hash: contentHash(
      tuParts.map((part) => (isEdgePart(part) && part !== ofEdges?.part ? undefined : files.get(fileOf(part)))),
    ),
  };
}

/** First node of each graph, and the number of nodes at the end, `[graphs + 1]`. */
function graphStarts(indicator: NumberTable, classes: NumberTable): Int32Array {
  const graphs = classes.rows;
  const starts = new Int32Array(graphs + 1);
  let current = 0;
  indicator.values.forEach((graph, node) => {
    if (graph === current && current > 0) return;
    const fail = (reason: string): never => {
      throw new DatasetError(indicator.file, reason, indicator.lines[node]);
    };
    if (graph < 1) fail(`graph ${graph} does not exist: graphs are counted from 1`);
    if (graph > graphs) fail(`graph ${graph} has no line in ${classes.file}, which has ${graphs}`);
    if (graph < current) fail(`node ${node + 1} belongs to graph ${graph}, after a node of graph ${current}`);
    if (graph > current + 1) fail(`graph ${current + 1} has no nodes`);
    current = graph;
    starts[graph - 1] = node;
  });
  if (current < graphs) {
    const reason = `graph ${current + 1} has no nodes: the file ends at graph ${current}, ${classes.file} has ${graphs}`;
    throw new DatasetError(indicator.file, reason);
  }
  starts[graphs] = indicator.rows;
  return starts;
}

function perNode(table: NumberTable, nodes: number): NumberTable {
  if (table.rows !== nodes) {
    throw new DatasetError(table.file, `${table.rows} lines for ${nodes} nodes`);
  }
  return table;
}

const edgeParts = ['edge_attributes.txt', 'edge_labels.txt'] as const satisfies readonly TuPart[];

function isEdgePart(part: TuPart): boolean {
  return (edgeParts as readonly TuPart[]).includes(part);
}

/** Attributes of edges, or why there are none. */
interface EdgesRead {
  readonly part?: TuPart;
  /** Row-major `[edges, width]` of each graph. */
  readonly graphs?: readonly Float32Array[];
  readonly width?: number;
  readonly problem?: string;
}

/** Attributes that are not whole numbers are left out: no model takes them. */
function readEdges(
  name: string,
  files: ReadonlyMap<string, Uint8Array>,
  listed: readonly ListedEdges[],
  edges: readonly Int32Array[],
  starts: Int32Array,
): EdgesRead {
  const part = edgeParts.find((one) => files.has(`${name}_${one}`));
  const bytes = part && files.get(`${name}_${part}`);
  if (part === undefined || bytes === undefined) return {};
  try {
    const table = parseNumbers(bytes, `${name}_${part}`);
    if (places([table.values], table.columns) === undefined) return {};
    const count = listed.reduce((sum, { rows }) => sum + rows.length, 0);
    if (table.rows !== count) throw new DatasetError(table.file, `${table.rows} lines for ${count} edges`);
    const graphs = listed.map((own, graph) =>
      edgeAttributes(starts[graph + 1] - starts[graph], edges[graph], own, table),
    );
    return { part, graphs, width: table.columns };
  } catch (error) {
    if (!(error instanceof DatasetError)) throw error;
    return { problem: error.message };
  }
}

/** Edges of each graph as pairs of its own node ids. */
function edgesByGraph(adjacency: NumberTable, indicator: NumberTable, starts: Int32Array): ListedEdges[] {
  const listed = Array.from({ length: starts.length - 1 }, () => ({ pairs: [] as number[], rows: [] as number[] }));
  for (let row = 0; row < adjacency.rows; row++) {
    const u = adjacency.values[2 * row];
    const v = adjacency.values[2 * row + 1];
    for (const node of [u, v]) {
      if (node >= 1 && node <= indicator.rows) continue;
      const reason = `node ${node} does not exist: nodes are counted from 1 to ${indicator.rows}`;
      throw new DatasetError(adjacency.file, reason, adjacency.lines[row]);
    }
    const graph = indicator.values[u - 1];
    if (graph !== indicator.values[v - 1]) {
      const reason = `the edge joins node ${u} of graph ${graph} to node ${v} of graph ${indicator.values[v - 1]}`;
      throw new DatasetError(adjacency.file, reason, adjacency.lines[row]);
    }
    const start = starts[graph - 1] + 1;
    listed[graph - 1].pairs.push(u - start, v - start);
    listed[graph - 1].rows.push(row);
  }
  return listed;
}

export function sortedDistinct(values: Float64Array): number[] {
  return [...new Set(values)].sort((a, b) => a - b);
}

export function contentHash(contents: readonly (Uint8Array | undefined)[]): string {
  const hash = createHash('sha256');
  for (const content of contents) if (content) hash.update(content);
  return hash.digest('hex');
}
