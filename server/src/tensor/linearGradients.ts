import type * as tf from '@tensorflow/tfjs-core';
import { denseLayer } from './dense';
import type { GraphnadBackend } from './engine/graphnadBackend';
import type { SparseMatrix } from './sparseMatrix';
import { multiply } from './sparseProduct';

export interface LinearGradientOptions {
  /** A, `[rows, rows of x]`; none where the layer is x W. */
  readonly propagation?: SparseMatrix;
  /** Whether x receives a gradient. */
  readonly inputGradient: boolean;
}

/**
 * A x W, with A after W, by the engine's kernels.
 *
 * @returns `[rows, outputs]`
 */
export function propagatedProduct(
  engine: GraphnadBackend,
  x: tf.Tensor2D,
  weight: tf.Tensor2D,
  propagation: SparseMatrix | undefined,
): tf.Tensor2D {
  const product = denseLayer(engine, x, weight);
  if (propagation === undefined) return product;
  const sums = multiply(engine, propagation, product);
  product.dispose();
  return sums;
}

/**
 * Gradients of W and x where z = A x W.
 *
 * @param x `[rows of x, inputs]`
 * @param weight `[inputs, outputs]`
 * @param dz the gradient of z, `[rows, outputs]`
 */
export function linearGradients(
  engine: GraphnadBackend,
  x: tf.Tensor,
  weight: tf.Tensor,
  dz: tf.Tensor2D,
  { propagation, inputGradient }: LinearGradientOptions,
): { readonly dWeight: tf.Tensor2D; readonly dx?: tf.Tensor2D } {
  let dProduct = dz;
  if (propagation !== undefined) dProduct = multiply(engine, propagation.transposed, dz);
  const [rows, inputs] = x.shape as [number, number];
  const outputs = weight.shape[1] as number;
  const [xAt, weightAt, dProductAt] = [x, weight, dProduct].map((tensor) => engine.address(tensor));
  const dWeight = engine.output<tf.Tensor2D>([inputs, outputs]);
  engine.launch('gemmTransposed', inputs, xAt, dProductAt, dWeight.address, rows, outputs, inputs);
  const dx = inputGradient ? engine.output<tf.Tensor2D>([rows, inputs]) : undefined;
  engine.withWorkspace((workspace) => {
    if (dx === undefined) return;
    const turned = workspace.room(inputs * outputs);
    engine.launch('transpose', inputs, weightAt, turned, inputs, outputs);
    engine.launch('gemm', rows, dProductAt, turned, dx.address, inputs, outputs, 0, 0, 0);
  });
  // What is given back at once is still in the cache when the next layer takes its place.
  if (propagation !== undefined) dProduct.dispose();
  return { dWeight: dWeight.tensor, dx: dx?.tensor };
}
