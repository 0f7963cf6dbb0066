import type { GraphBatch } from '../graph/batch';
import type { NodeClasses } from '../graph/fold';
import { WeakMemo } from '../graph/weakMemo';
import type { SparseMatrix } from '../tensor/sparseMatrix';
import { SparseRows } from '../tensor/sparseRows';

/** How a node's attention depends on its degree; see `attentionMatrix`. */
export type AttentionWeighting = 'propagate' | 'none' | 'rsqrt' | 'inverse' | 'log' | 'max';

const matrices = new WeakMemo<NodeClasses, SparseMatrix>();

/**
 * The degree weightings of GraphNAD (arXiv 2501.05835) as a matrix that takes the energies a of classes of nodes to the
 * attention of nodes, with d the degree: `propagate` (D+I)^-1/2 (A+I) (D+I)^-1/2 a, `none` a, `rsqrt` a / sqrt(d+1),
 * `inverse` a / (d+1), `log` a log(1+d), `max` a d / (largest d of the graph).
 *
 * @returns `[nodes, classes]`, kept as long as the classes
 */
export function attentionMatrix(batch: GraphBatch, classes: NodeClasses, weighting: AttentionWeighting): SparseMatrix {
  return matrices.get(classes, weighting, () => {
    const { classOf, count } = classes;
    const { nodeCount, rowOffsets, columns } = batch;
    const propagates = weighting === 'propagate';
    const weights = degreeWeights(batch, propagates ? 'rsqrt' : weighting);
    const rows = new SparseRows([nodeCount, count], nodeCount + (propagates ? columns.length : 0));
    for (let v = 0; v < nodeCount; v++) {
      rows.add(classOf[v], weights[v]);
      if (propagates) {
        for (let e = rowOffsets[v]; e < rowOffsets[v + 1]; e++) rows.add(classOf[columns[e]], weights[columns[e]]);
      }
      rows.endRow(propagates ? weights[v] : 1);
    }
    return rows.build();
  });
}

/** The weight of each node by its degree, `[nodes]`. */
function degreeWeights(
  { nodeCount, nodeOffsets, graphCount, degrees }: GraphBatch,
  weighting: Exclude<AttentionWeighting, 'propagate'>,
): Float64Array {
  const weights = new Float64Array(nodeCount);
  for (let g = 0; g < graphCount; g++) {
    const [first, end] = [nodeOffsets[g], nodeOffsets[g + 1]];
    let largest = 1;
    for (let v = first; v < end; v++) largest = Math.max(largest, degrees[v]);
    for (let v = first; v < end; v++) weights[v] = degreeWeight(degrees[v], largest, weighting);
  }
  return weights;
}

/** @param largest largest degree of the node's graph, at least 1 */
function degreeWeight(degree: number, largest: number, weighting: Exclude<AttentionWeighting, 'propagate'>): number {
  switch (weighting) {
    case 'none':
      return 1;
    case 'rsqrt':
      return 1 / Math.sqrt(degree + 1);
    case 'inverse':
      return 1 / (degree + 1);
    case 'log':
      return Math.log1p(degree);
    case 'max':
      return degree / largest;
  }
}
