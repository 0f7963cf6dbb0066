import * as tf from '@tensorflow/tfjs-core';

/**
 * The matrix G_g = L_g^T R_g / n_g of each chosen graph g, L_g and R_g being its rows of two layers' outputs (the "flow
 * of solution procedure" matrix of Yim et al. 2017; the relation matrix of GraphNAD, arXiv 2501.05835).
 *
 * One fused operation: blocks of different heights would need padding or a tensor per graph.
 *
 * @param left `[nodes, c]`
 * @param right `[nodes, d]`
 * @param nodeOffsets start of each graph's nodes, `[all graphs + 1]`
 * @param chosen graphs to compute it for
 * @returns `[chosen.length, c, d]`; the gradient flows to both inputs
 */
export function graphGrams(
  left: tf.Tensor2D,
  right: tf.Tensor2D,
  nodeOffsets: Int32Array,
  chosen: Int32Array,
): tf.Tensor3D {
  const width = left.shape[1];
  const depth = right.shape[1];
  const operation = tf.customGrad((leftInput, rightInput) => {
    const l = (leftInput as tf.Tensor2D).dataSync<'float32'>();
    const r = (rightInput as tf.Tensor2D).dataSync<'float32'>();
    const blocks = { nodeOffsets, chosen, width, depth };
    const gradFunc = (upstream: tf.Tensor): tf.Tensor[] => {
      const { toLeft, toRight } = gramsGradient(upstream.dataSync<'float32'>(), l, r, blocks);
      return [tf.tensor2d(toLeft, left.shape), tf.tensor2d(toRight, right.shape)];
    };
    return { value: tf.tensor3d(grams(l, r, blocks), [chosen.length, width, depth]), gradFunc };
  });
  return operation(left, right);
}

interface Blocks {
  readonly nodeOffsets: Int32Array;
  readonly chosen: Int32Array;
  readonly width: number;
  readonly depth: number;
}

function grams(left: Float32Array, right: Float32Array, blocks: Blocks): Float32Array {
  const { nodeOffsets, chosen, width, depth } = blocks;
  const result = new Float32Array(chosen.length * width * depth);
  const sum = new Float64Array(width * depth);
  for (let b = 0; b < chosen.length; b++) {
    const first = nodeOffsets[chosen[b]];
    const end = nodeOffsets[chosen[b] + 1];
    sum.fill(0);
    for (let v = first; v < end; v++) {
      const row = v * depth;
      for (let c = 0; c < width; c++) {
        const x = left[v * width + c];
        if (x === 0) continue; // about half of all ReLU outputs
        const target = c * depth;
        for (let k = 0; k < depth; k++) sum[target + k] += x * right[row + k];
      }
    }
    const start = b * width * depth;
    for (let i = 0; i < sum.length; i++) result[start + i] = sum[i] / (end - first);
  }
  return result;
}

function gramsGradient(
  upstream: Float32Array,
  left: Float32Array,
  right: Float32Array,
  blocks: Blocks,
): { toLeft: Float32Array; toRight: Float32Array } {
  const { nodeOffsets, chosen, width, depth } = blocks;
  const toLeft = new Float32Array(left.length);
  const toRight = new Float32Array(right.length);
  const rowGradient = new Float64Array(depth);
  for (let b = 0; b < chosen.length; b++) {
    const first = nodeOffsets[chosen[b]];
    const end = nodeOffsets[chosen[b] + 1];
    const scale = 1 / (end - first);
    for (let v = first; v < end; v++) {
      const row = v * depth;
      rowGradient.fill(0);
      for (let c = 0; c < width; c++) {
        const x = left[v * width + c];
        const start = (b * width + c) * depth;
        let dot = 0;
        for (let k = 0; k < depth; k++) {
          const g = upstream[start + k];
          dot += g * right[row + k];
          rowGradient[k] += g * x;
        }
        toLeft[v * width + c] = dot * scale;
      }
      for (let k = 0; k < depth; k++) toRight[row + k] = rowGradient[k] * scale;
    }
  }
  return { toLeft, toRight };
}
