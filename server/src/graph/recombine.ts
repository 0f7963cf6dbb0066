import { canonicalEdges, labelsOfEdges, neighbourLists } from './edges';
import type { Graph } from './graph';
import type { Rng } from './rng';
import { attributeWidthOf, breadthFirstPiece, inducedSubgraph } from './subgraph';

export interface RecombineOptions {
  /** Number of graphs to return. */
  readonly count: number;
  /** Unchanged copies of each clean graph; together they fill at most half of `count`. Default 2. */
  readonly copies?: number;
}

export interface RecombinedGraphs {
  readonly graphs: Graph[];
  /** Index of the clean graph that this is a copy of; -1 for a pseudo-graph. */
  readonly source: Int32Array;
}

/** Smaller graphs have no pieces worth recombining. */
const SMALLEST_DONOR = 6;

/**
 * Pseudo-graphs that stay close to a small set of clean graphs (method, robust preset, step 2).
 *
 * The copies come first. Of the rest, 60% join a breadth-first piece of one graph (30-85% of its nodes) to a piece of
 * another by one or two edges, 25% keep a breadth-first piece of 60-95%, and 15% give 5% of the nodes the label and
 * attributes of a random clean node and drop 5% of the edges. Where edges have labels, those that join pieces get label 0. A pseudo-graph carries the class of the graph it came
 * from; that is a guess, and training takes soft labels of a reference model instead.
 *
 * @param clean at least one graph; those of at least six nodes are recombined, or all where none is that large
 * @throws RangeError without a clean graph that has nodes
 */
export function recombineGraphs(clean: readonly Graph[], options: RecombineOptions, rng: Rng): RecombinedGraphs {
  const { count, copies = 2 } = options;
  const nonEmpty = clean.filter((graph) => graph.nodeCount > 0);
  if (nonEmpty.length === 0) throw new RangeError('recombining needs at least one clean graph with nodes');
  const large = nonEmpty.filter((graph) => graph.nodeCount >= SMALLEST_DONOR);
  const donors = (large.length > 0 ? large : nonEmpty).map(asDonor);
  const others = nonEmpty.map(asDonor);

  const source = new Int32Array(count).fill(-1);
  const graphs: Graph[] = [];
  const copied = Math.min(Math.floor(count / 2), copies * clean.length);
  for (let i = 0; i < copied; i++) {
    source[i] = i % clean.length;
    graphs.push(clean[source[i]]);
  }
  while (graphs.length < count) {
    const kind = rng.uniform();
    const donor = rng.pick(donors);
    if (kind < 0.6) graphs.push(joinPieces(donor, rng.pick(others), rng));
    else if (kind < 0.85) graphs.push(keepPiece(donor, rng));
    else graphs.push(addNoise(donor.graph, rng.pick(others).graph, rng));
  }
  return { graphs, source };
}

interface Donor {
  readonly graph: Graph;
  readonly neighbours: readonly (readonly number[])[];
}

function asDonor(graph: Graph): Donor {
  return { graph, neighbours: neighbourLists(graph) };
}

function piece(donor: Donor, nodes: number, rng: Rng): Graph {
  return inducedSubgraph(donor.graph, breadthFirstPiece(donor.neighbours, nodes, rng));
}

function keepPiece(donor: Donor, rng: Rng): Graph {
  return piece(donor, Math.max(3, Math.floor(rng.between(0.6, 0.95) * donor.graph.nodeCount)), rng);
}

function joinPieces(donor: Donor, other: Donor, rng: Rng): Graph {
  const share = rng.between(0.3, 0.85);
  const first = piece(donor, Math.max(2, Math.floor(share * donor.graph.nodeCount)), rng);
  const second = piece(other, Math.max(2, Math.floor((1 - share) * other.graph.nodeCount)), rng);
  const nodeCount = first.nodeCount + second.nodeCount;
  const pairs = [...first.edges, ...second.edges.map((node) => node + first.nodeCount)];
  const bridges = rng.uniform() < 0.7 ? 1 : 2;
  for (let i = 0; i < bridges; i++) {
    pairs.push(rng.integer(first.nodeCount), first.nodeCount + rng.integer(second.nodeCount));
  }
  const edges = canonicalEdges(nodeCount, pairs);
  const edgeLabels = joinedLabels(first, second, edges);
  return {
    nodeCount,
    edges,
    nodeLabels: joined(
      new Int32Array(first.nodeLabels.length + second.nodeLabels.length),
      first.nodeLabels,
      second.nodeLabels,
    ),
    attributes: joined(
      new Float32Array(first.attributes.length + second.attributes.length),
      first.attributes,
      second.attributes,
    ),
    ...(edgeLabels && { edgeLabels }),
    classLabel: donor.graph.classLabel,
  };
}

/** Labels of the edges of two pieces side by side, bridges included. */
function joinedLabels(first: Graph, second: Graph, edges: Int32Array): Int32Array | undefined {
  if (first.edgeLabels === undefined || second.edgeLabels === undefined) return undefined;
  const shift = first.nodeCount;
  return labelsOfEdges(
    {
      ...first,
      edges: Int32Array.from([...first.edges, ...second.edges.map((node) => node + shift)]),
      edgeLabels: Int32Array.from([...first.edgeLabels, ...second.edgeLabels]),
    },
    edges,
  );
}

function joined<T extends Int32Array | Float32Array>(whole: T, first: T, second: T): T {
  whole.set(first);
  whole.set(second, first.length);
  return whole;
}

function addNoise(graph: Graph, other: Graph, rng: Rng): Graph {
  const width = attributeWidthOf(graph);
  const nodeLabels = graph.nodeLabels.slice();
  const attributes = graph.attributes.slice();
  for (let node = 0; node < graph.nodeCount; node++) {
    if (rng.uniform() >= 0.05) continue;
    const model = rng.integer(other.nodeCount);
    if (nodeLabels.length > 0) nodeLabels[node] = other.nodeLabels[model];
    attributes.set(other.attributes.subarray(model * width, (model + 1) * width), node * width);
  }
  const kept: number[] = [];
  for (let i = 0; i < graph.edges.length; i += 2) {
    if (rng.uniform() >= 0.05) kept.push(graph.edges[i], graph.edges[i + 1]);
  }
  const edgeLabels = labelsOfEdges(graph, kept);
  return { ...graph, edges: Int32Array.from(kept), nodeLabels, attributes, ...(edgeLabels && { edgeLabels }) };
}
