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
    const { nodeCount, columns, nodeOffsets, graphCount } = batch;
    const rows = new SparseRows([nodeCount, classes.count], nodeCount + columns.length);
    for (let g = 0; g < graphCount; g++) {
      const addRow = rowMaker(rows, batch, classes, weighting, g);
      for (let v = nodeOffsets[g]; v < nodeOffsets[g + 1]; v++) {
        addRow(v);
        rows.endRow();
      }
    }
    return rows.build();
  });
}

/** Adds the entries of a node of graph g to the row at work. */
function rowMaker(
  rows: SparseRows,
  { nodeOffsets, rowOffsets, columns, degrees }: GraphBatch,
  { classOf }: NodeClasses,
  weighting: AttentionWeighting,
  g: number,
): (v: number) => void {
  const own = (weight: (degree: number) => number) => (v: number) => rows.add(classOf[v], weight(degrees[v]));
  switch (weighting) {
    case 'propagate':
      return (v) => {
        rows.add(classOf[v], 1 / (degrees[v] + 1));
        for (let e = rowOffsets[v]; e < rowOffsets[v + 1]; e++) {
          const u = columns[e];
          rows.add(classOf[u], 1 / Math.sqrt((degrees[v] + 1) * (degrees[u] + 1)));
        }
      };
    case 'none':
      return own(() => 1);
    case 'rsqrt':
      return own((d) => 1 / Math.sqrt(d + 1));
    case 'inverse':
      return own((d) => 1 / (d + 1));
    case 'log':
      return own((d) => Math.log1p(d));
    case 'max': {
      let largest = 1;
      for (let v = nodeOffsets[g]; v < nodeOffsets[g + 1]; v++) largest = Math.max(largest, degrees[v]);
      return own((d) => d / largest);
    }
  }
}
