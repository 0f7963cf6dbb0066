import type { FeatureLayout, Graph } from './graph';

/** Several graphs as one block-diagonal graph in compressed sparse rows; its adjacency is symmetric. */
export interface GraphBatch {
  readonly graphCount: number;
  readonly nodeCount: number;
  /** Start of each graph's nodes, `[graphCount + 1]`. */
  readonly nodeOffsets: Int32Array;
  /** Compressed rows of the adjacency, `[nodeCount + 1]`. */
  readonly rowOffsets: Int32Array;
  /** Neighbours by row, `[2 * edges]`. */
  readonly columns: Int32Array;
  /** Label of the edge to each neighbour, `[2 * edges]`; absent where edges have none. */
  readonly edgeLabels?: Int32Array;
  /** Degrees, `[nodeCount]`. */
  readonly degrees: Float32Array;
  /** Feature matrix, row-major `[nodeCount, layout.width]`. */
  readonly features: Float32Array;
  readonly layout: FeatureLayout;
  /** Class of each graph, `[graphCount]`. */
  readonly classLabels: Int32Array;
}

/**
 * Joins graphs into one batch.
 *
 * @param graphs at least one graph, with labels and attributes that fit `layout`
 * @param layout how features are made; `degree` is one-hot of min(degree, width - 1), `constant` is all ones,
 *   `embedded` has the row of each node's label
 */
export function collate(graphs: readonly Graph[], layout: FeatureLayout): GraphBatch {
  const graphCount = graphs.length;
  const nodeOffsets = new Int32Array(graphCount + 1);
  let directedEdges = 0;
  for (let g = 0; g < graphCount; g++) {
    nodeOffsets[g + 1] = nodeOffsets[g] + graphs[g].nodeCount;
    directedEdges += graphs[g].edges.length;
  }
  const nodeCount = nodeOffsets[graphCount];
  const rowOffsets = new Int32Array(nodeCount + 1);
  for (let g = 0; g < graphCount; g++) {
    const { edges } = graphs[g];
    for (let i = 0; i < edges.length; i++) rowOffsets[nodeOffsets[g] + edges[i] + 1]++;
  }
  for (let v = 0; v < nodeCount; v++) rowOffsets[v + 1] += rowOffsets[v];
  const degrees = new Float32Array(nodeCount);
  for (let v = 0; v < nodeCount; v++) degrees[v] = rowOffsets[v + 1] - rowOffsets[v];
  const columns = new Int32Array(directedEdges);
  const labelsOf = layout.edgeRows && new Int32Array(directedEdges);
  const next = rowOffsets.slice(0, nodeCount);
  for (let g = 0; g < graphCount; g++) {
    const { edges, edgeLabels } = graphs[g];
    const offset = nodeOffsets[g];
    for (let i = 0; i < edges.length; i += 2) {
      const u = offset + edges[i];
      const v = offset + edges[i + 1];
      if (labelsOf && edgeLabels) labelsOf[next[u]] = labelsOf[next[v]] = edgeLabels[i / 2];
      columns[next[u]++] = v;
      columns[next[v]++] = u;
    }
  }
  return {
    graphCount,
    nodeCount,
    nodeOffsets,
    rowOffsets,
    columns,
    ...(labelsOf && { edgeLabels: labelsOf }),
    degrees,
    features: featureMatrix(graphs, layout, nodeOffsets, degrees),
    layout,
    classLabels: Int32Array.from(graphs, (graph) => graph.classLabel),
  };
}

function featureMatrix(
  graphs: readonly Graph[],
  layout: FeatureLayout,
  nodeOffsets: Int32Array,
  degrees: Float32Array,
): Float32Array {
  const { width, attributeWidth, labelColumns } = layout;
  const nodeCount = nodeOffsets[graphs.length];
  const features = new Float32Array(nodeCount * width);
  if (layout.kind === 'constant') return features.fill(1);
  if (layout.kind === 'degree') {
    for (let v = 0; v < nodeCount; v++) features[v * width + Math.min(degrees[v], width - 1)] = 1;
    return features;
  }
  if (layout.rows !== undefined) return setRows(features, graphs, layout.rows, nodeOffsets);
  for (let g = 0; g < graphs.length; g++) {
    const { attributes, nodeLabels, nodeCount: nodes } = graphs[g];
    for (let i = 0; i < nodes; i++) {
      const row = (nodeOffsets[g] + i) * width;
      for (let a = 0; a < attributeWidth; a++) features[row + a] = attributes[i * attributeWidth + a];
      if (labelColumns > 0) features[row + attributeWidth + nodeLabels[i]] = 1;
    }
  }
  return features;
}

/** Gives each node the row that its label stands for. */
function setRows(
  features: Float32Array,
  graphs: readonly Graph[],
  rows: Float32Array,
  nodeOffsets: Int32Array,
): Float32Array {
  const width = features.length / nodeOffsets[graphs.length];
  graphs.forEach(({ nodeLabels }, g) => {
    nodeLabels.forEach((label, i) => {
      features.set(rows.subarray(label * width, (label + 1) * width), (nodeOffsets[g] + i) * width);
    });
  });
  return features;
}
