import type * as tf from '@tensorflow/tfjs-core';
import type { LayerOutput } from '../../server/src/gnn/layerOutput';
import { unfolded } from '../../server/src/graph/fold';

/** Outputs of a layer given node by node, `[nodes, hidden]`. */
export function nodeOutput(rows: tf.Tensor2D): LayerOutput {
  return { rows, classes: unfolded({ nodeCount: rows.shape[0] }).level(0) };
}

/** The output of a layer at each node, row-major `[nodes, hidden]`. */
export function nodeValues({ rows, classes: { classOf } }: LayerOutput): Float32Array {
  const width = rows.shape[1];
  const values = rows.dataSync<'float32'>();
  return Float32Array.from({ length: classOf.length * width }, (_, i) => {
    return values[classOf[Math.floor(i / width)] * width + (i % width)];
  });
}

/** The tensors of layer outputs, for disposing them. */
export function layerRows(layers: readonly LayerOutput[]): tf.Tensor2D[] {
  return layers.map(({ rows }) => rows);
}
