import type { GraphBatch } from '../../graph/batch';
import { SparseMatrix } from '../../tensor/sparseMatrix';
import type { Region } from './region';

/**
 * What all nodes of a batch gather their rows by: their own, weighted, and their neighbours', `[nodes, nodes]`.
 *
 * @param selfWeight weight of a node's own row
 */
export function batchGathering({ nodeCount, rowOffsets, columns }: GraphBatch, selfWeight: number): SparseMatrix {
  const offsets = rowOffsets.map((offset, v) => offset + v);
  const indices = new Int32Array(columns.length + nodeCount);
  const values = new Float32Array(indices.length).fill(1);
  for (let v = 0; v < nodeCount; v++) {
    indices[offsets[v]] = v;
    values[offsets[v]] = selfWeight;
    indices.set(columns.subarray(rowOffsets[v], rowOffsets[v + 1]), offsets[v] + 1);
  }
  return new SparseMatrix([nodeCount, nodeCount], offsets, indices, values);
}

/**
 * What the nodes of several regions gather their rows of one layer by, from the rows of the layer before: those of the
 * batch, and behind them those that the regions changed, region by region.
 *
 * @param layer counted from 1; layer 0 are the features
 * @returns one row for each node reached by the layer, region by region
 */
export function regionGathering(
  regions: readonly Region[],
  layer: number,
  batchNodes: number,
  selfWeight: number,
): SparseMatrix {
  let rows = 0;
  let entries = 0;
  for (const { reached, neighbourOffsets } of regions) {
    rows += reached[layer];
    entries += reached[layer] + neighbourOffsets[reached[layer]];
  }
  const offsets = new Int32Array(rows + 1);
  const indices = new Int32Array(entries);
  const values = new Float32Array(entries).fill(1);
  let row = 0;
  let entry = 0;
  let changedFrom = batchNodes;
  for (const { nodes, reached, neighbourOffsets, neighbours } of regions) {
    const changed = reached[layer - 1];
    for (let i = 0; i < reached[layer]; i++) {
      values[entry] = selfWeight;
      indices[entry++] = i < changed ? changedFrom + i : nodes[i];
      for (let k = neighbourOffsets[i]; k < neighbourOffsets[i + 1]; k++) {
        const neighbour = neighbours[k];
        const position = ~neighbour;
        indices[entry++] = neighbour >= 0 ? neighbour : position < changed ? changedFrom + position : nodes[position];
      }
      offsets[++row] = entry;
    }
    changedFrom += changed;
  }
  return new SparseMatrix([rows, changedFrom], offsets, indices, values);
}
