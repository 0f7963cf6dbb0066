import fc from 'fast-check';
import { canonicalEdges } from '../../server/src/graph/edges';
import type { Graph } from '../../server/src/graph/graph';

interface GraphParts {
  readonly edges?: readonly (readonly [number, number])[];
  readonly labels?: readonly number[];
  /** Row-major. */
  readonly attributes?: readonly number[];
  readonly classLabel?: number;
}

/** A graph from its parts, for tests. */
export function graphOf(nodeCount: number, parts: GraphParts = {}): Graph {
  return {
    nodeCount,
    edges: canonicalEdges(nodeCount, (parts.edges ?? []).flat()),
    nodeLabels: Int32Array.from(parts.labels ?? []),
    attributes: Float32Array.from(parts.attributes ?? []),
    classLabel: parts.classLabel ?? 0,
  };
}

/** Edges as pairs, for assertions. */
export function edgePairs(graph: Pick<Graph, 'edges'>): [number, number][] {
  return Array.from({ length: graph.edges.length / 2 }, (_, i) => [graph.edges[2 * i], graph.edges[2 * i + 1]]);
}

/** Graphs of 1 to 15 nodes with labels below 5 and two attributes, in three classes. */
export const arbitraryGraph: fc.Arbitrary<Graph> = fc.integer({ min: 1, max: 15 }).chain((nodes) => {
  const node = fc.nat(nodes - 1);
  return fc
    .record({
      edges: fc.array(fc.tuple(node, node), { maxLength: 30 }),
      labels: fc.array(fc.nat(4), { minLength: nodes, maxLength: nodes }),
      attributes: fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 2 * nodes, maxLength: 2 * nodes }),
      classLabel: fc.nat(2),
    })
    .map((parts) => graphOf(nodes, parts));
});

/** Asserts the invariants of {@link Graph}: returns what is wrong, or undefined. */
export function graphFault(graph: Graph): string | undefined {
  const pairs = edgePairs(graph);
  for (const [i, [u, v]] of pairs.entries()) {
    if (!(u >= 0 && u < v && v < graph.nodeCount)) return `edge ${u}-${v} of ${graph.nodeCount} nodes`;
    if (i > 0 && !(pairs[i - 1][0] < u || (pairs[i - 1][0] === u && pairs[i - 1][1] < v))) return `unsorted at ${i}`;
  }
  if (![0, graph.nodeCount].includes(graph.nodeLabels.length)) return `${graph.nodeLabels.length} labels`;
  if (graph.attributes.length % graph.nodeCount !== 0) return `${graph.attributes.length} attributes`;
  return undefined;
}
