import * as tf from '@tensorflow/tfjs-core';
import { sparseProduct } from '../../tensor/sparseProduct';
import type { RegionGathering } from './gatherMatrix';

/**
 * Aggregated rows of regions, within bounds.
 *
 * @param kept rows of the unchanged batch, `[batch nodes, width]`
 * @param changed rows that the regions changed, `[changed rows, width]`; undefined where there is none
 * @param upper an upper bound per column, `[width]`
 */
export function gatherRows(
  gathering: RegionGathering,
  kept: tf.Tensor2D,
  changed: tf.Tensor2D | undefined,
  upper?: Float32Array,
): tf.Tensor2D {
  if (changed === undefined) return sparseProduct(gathering.kept, kept, upper);
  return tf.tidy(() => {
    const sums: tf.Tensor2D = tf.add(sparseProduct(gathering.kept, kept), sparseProduct(gathering.changed, changed));
    return upper === undefined ? sums : tf.minimum(sums, tf.tensor1d(upper));
  });
}

/** Sums of the rows of each graph, in float64: `[graphs, width]` of `[nodes, width]`. */
export function sumByGraph(rows: Float32Array, nodeOffsets: Int32Array, width: number): Float64Array {
  const graphs = nodeOffsets.length - 1;
  const sums = new Float64Array(graphs * width);
  for (let g = 0; g < graphs; g++) {
    for (let i = nodeOffsets[g] * width; i < nodeOffsets[g + 1] * width; i++) sums[g * width + (i % width)] += rows[i];
  }
  return sums;
}

/** Rows one behind the other. */
export function joined(rows: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(rows.reduce((length, row) => length + row.length, 0));
  let length = 0;
  for (const row of rows) {
    all.set(row, length);
    length += row.length;
  }
  return all;
}
