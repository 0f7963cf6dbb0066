import { canonicalEdges } from '../../server/src/graph/edges';
import type { Graph } from '../../server/src/graph/graph';

/** Numbers as base64 of their little-endian bytes, with NumPy's name of the type. */
export interface Packed {
  readonly type: '<f4' | '<i4';
  readonly data: string;
}

/** Labelled graphs in a few arrays; graph g has the nodes from `nodeStarts[g]` and the edges from `edgeStarts[g]`. */
export interface PackedGraphs {
  readonly nodeStarts: Packed;
  readonly edgeStarts: Packed;
  /** Undirected edges, numbered within each graph. */
  readonly edges: Packed;
  readonly labels: Packed;
  readonly classes: Packed;
}

export interface PackedTensor {
  readonly shape: readonly number[];
  readonly values: Packed;
}

export function pack(values: Float32Array | Int32Array): Packed {
  const bytes = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
  return { type: values instanceof Float32Array ? '<f4' : '<i4', data: bytes.toString('base64') };
}

export function unpackFloats({ data }: Packed): Float32Array {
  return new Float32Array(aligned(data));
}

export function unpackIntegers({ data }: Packed): Int32Array {
  return new Int32Array(aligned(data));
}

/** A buffer of its own: Node.js keeps small ones at any offset of a common one. */
function aligned(data: string): ArrayBuffer {
  return Uint8Array.from(Buffer.from(data, 'base64')).buffer;
}

export function packGraphs(graphs: readonly Graph[]): PackedGraphs {
  return {
    nodeStarts: pack(starts(graphs.map((graph) => graph.nodeCount))),
    edgeStarts: pack(starts(graphs.map((graph) => graph.edges.length / 2))),
    edges: pack(joined(graphs.map((graph) => graph.edges))),
    labels: pack(joined(graphs.map((graph) => graph.nodeLabels))),
    classes: pack(Int32Array.from(graphs, (graph) => graph.classLabel)),
  };
}

export function unpackGraphs(packed: PackedGraphs): Graph[] {
  const [nodeStarts, edgeStarts, edges, labels, classes] = [
    packed.nodeStarts,
    packed.edgeStarts,
    packed.edges,
    packed.labels,
    packed.classes,
  ].map(unpackIntegers);
  return Array.from(classes, (classLabel, g) => {
    const nodeCount = nodeStarts[g + 1] - nodeStarts[g];
    return {
      nodeCount,
      edges: canonicalEdges(nodeCount, edges.subarray(2 * edgeStarts[g], 2 * edgeStarts[g + 1])),
      nodeLabels: labels.slice(nodeStarts[g], nodeStarts[g + 1]),
      attributes: new Float32Array(0),
      classLabel,
    };
  });
}

function starts(lengths: readonly number[]): Int32Array {
  const result = new Int32Array(lengths.length + 1);
  lengths.forEach((length, i) => (result[i + 1] = result[i] + length));
  return result;
}

function joined(parts: readonly Int32Array[]): Int32Array {
  const result = new Int32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    result.set(part, at);
    at += part.length;
  }
  return result;
}
