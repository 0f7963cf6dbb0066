import * as tf from '@tensorflow/tfjs-core';
import type { Backend } from '../../server/src/tensor/backend';
import { selectBackend } from '../../server/src/tensor/backend';
import { engineInUse } from '../../server/src/tensor/engine/graphnadBackend';
import { Rng } from '../../server/src/graph/rng';

/** A matrix or vector as plain values. */
export interface Values {
  readonly shape: readonly number[];
  readonly values: readonly number[];
}

/** The value of an operation, and the gradients of a fixed mix of it with respect to its inputs. */
export interface Evaluation {
  readonly value: Float32Array;
  readonly gradients: readonly Float32Array[];
}

/** Evaluates an operation and its gradients on a backend; fails where it leaves tensors or memory behind. */
export async function evaluateOn(
  backend: Backend,
  inputs: readonly Values[],
  operation: (...inputs: tf.Tensor[]) => tf.Tensor,
): Promise<Evaluation> {
  await selectBackend(backend);
  const before = tf.memory().numTensors;
  const bytesBefore = engineInUse()?.memoryPool.bytesInUse;
  const result = tf.tidy(() => {
    const tensors = inputs.map(({ values, shape }) => tf.tensor([...values], [...shape], 'float32'));
    const output = operation(...tensors);
    const rng = new Rng(7);
    const mix = tf.tensor(
      Float32Array.from({ length: output.size }, () => rng.normal()),
      output.shape,
    );
    const gradients = tf.grads((...args) => tf.sum(tf.mul(operation(...args), mix)))(tensors);
    return {
      value: Float32Array.from(output.dataSync()),
      gradients: gradients.map((gradient) => Float32Array.from(gradient.dataSync())),
    };
  });
  const left = tf.memory().numTensors - before;
  if (left !== 0) throw new Error(`${left} tensors were left behind on ${backend}`);
  const bytesLeft = engineInUse()?.memoryPool.bytesInUse;
  if (bytesLeft !== bytesBefore) throw new Error(`memory in use went from ${bytesBefore} to ${bytesLeft} bytes`);
  return result;
}

/** Standard normal values of a shape. */
export function randomValues(rng: Rng, ...shape: number[]): Values {
  const length = shape.reduce((product, size) => product * size, 1);
  return { shape, values: Array.from({ length }, () => rng.normal()) };
}
