import type * as tf from '@tensorflow/tfjs-core';
import { engineInUse } from './engine/graphnadBackend';

/**
 * The values of a float32 tensor, to be read at once: without a copy on our own backend, where their place is used again
 * as soon as the tensor is disposed. Never write to them.
 */
export function valuesOf(tensor: tf.Tensor): Float32Array {
  return engineInUse()?.values(tensor) ?? tensor.dataSync<'float32'>();
}
