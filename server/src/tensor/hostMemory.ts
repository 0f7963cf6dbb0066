import { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { GraphnadBackend } from './engine/graphnadBackend';

/**
 * Whether tensors of the backend in use lie in memory that JavaScript reaches without a copy. Only then do loops
 * over typed arrays beat the backend's own kernels; elsewhere (TensorFlow) operations are composed of those.
 */
export function valuesAreInReach(): boolean {
  const backend = tf.backend();
  return backend instanceof MathBackendCPU;
}

/**
 * Runs a loop over the values of tensors and makes new tensors from what it writes, without copies on our
 * own backend.
 *
 * @param inputs float32 tensors to read; never write to them
 * @param shapes shapes of the outputs
 * @param loop gets a view of each input and output, valid during the call only; it must write *every* element of
 *   each output, because the memory is not cleared
 */
export function hostLoop(
  inputs: readonly tf.Tensor[],
  shapes: readonly (readonly number[])[],
  loop: (inputs: readonly Float32Array[], outputs: readonly Float32Array[]) => void,
): tf.Tensor[] {
  const backend = tf.backend();
  if (backend instanceof GraphnadBackend) {
    const outputs = shapes.map((shape) => backend.output([...shape]));
    loop(
      inputs.map((tensor) => backend.values(tensor)),
      outputs.map(({ tensor }) => backend.values(tensor)),
    );
    return outputs.map(({ tensor }) => tensor);
  }
  const values = shapes.map((shape) => new Float32Array(tf.util.sizeFromShape([...shape])));
  loop(
    inputs.map((tensor) => tensor.dataSync<'float32'>()),
    values,
  );
  return values.map((array, i) => tf.tensor(array, [...shapes[i]], 'float32'));
}
