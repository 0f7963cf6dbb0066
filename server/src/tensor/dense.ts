/** Steps of dense layers and of their gradients that the engine's kernels do; none of them is recorded for gradients. */
import type * as tf from '@tensorflow/tfjs-core';
import type { GraphnadBackend } from './engine/graphnadBackend';
import { sumColumns } from './engine/reductionKernels';

export interface DenseLayerOptions {
  /** b, `[outputs]`; zero where absent. */
  readonly bias?: tf.Tensor1D;
  /** Whether values have bounds, the lower one being zero. Default false. */
  readonly relu?: boolean;
  /** c, an upper bound per output column where they have, `[outputs]`; none where absent. */
  readonly upper?: Float32Array;
}

/** x W + b or min(ReLU(x W + b), c), `[rows, outputs]` of `[rows, inputs]` and `[inputs, outputs]`. */
export function denseLayer(
  engine: GraphnadBackend,
  x: tf.Tensor2D,
  weight: tf.Tensor2D,
  { bias, relu = false, upper }: DenseLayerOptions = {},
): tf.Tensor2D {
  const [inputs, outputs] = weight.shape;
  const rows = x.shape[0];
  const { tensor, address } = engine.output<tf.Tensor2D>([rows, outputs]);
  engine.withWorkspace((workspace) => {
    const [a, b] = [x, weight].map((operand) => engine.address(operand));
    const c = bias === undefined ? 0 : engine.address(bias);
    engine.launch('gemm', rows, a, b, address, outputs, inputs, c, relu ? 1 : 0, workspace.copy(upper));
  });
  return tensor;
}

/** min(ReLU(z + b), c), `[rows, columns]` of `[rows, columns]` and `[columns]`. */
export function shiftRelu(
  engine: GraphnadBackend,
  z: tf.Tensor2D,
  bias: tf.Tensor1D,
  upper?: Float32Array,
): tf.Tensor2D {
  const [rows, columns] = z.shape;
  const { tensor, address } = engine.output<tf.Tensor2D>([rows, columns]);
  engine.withWorkspace((workspace) => {
    const [from, offset] = [z, bias].map((operand) => engine.address(operand));
    engine.launch('normRelu', rows, from, 0, offset, workspace.copy(upper), address, columns);
  });
  return tensor;
}

/** dy where 0 < y < c or, where there is no ReLU, y < c, and zero elsewhere, `[rows, columns]`. */
export function boundGradient(
  engine: GraphnadBackend,
  dy: tf.Tensor2D,
  y: tf.Tensor,
  { relu = false, upper }: Pick<DenseLayerOptions, 'relu' | 'upper'>,
): tf.Tensor2D {
  const [rows, columns] = dy.shape;
  const { tensor, address } = engine.output<tf.Tensor2D>([rows, columns]);
  engine.withWorkspace((workspace) => {
    const operands = [dy, y].map((operand) => engine.address(operand));
    engine.launch('boundGradient', rows, ...operands, relu ? 1 : 0, workspace.copy(upper), address, columns);
  });
  return tensor;
}

/** Sum of each column, `[columns]` of `[rows, columns]`. */
export function columnSums(engine: GraphnadBackend, matrix: tf.Tensor2D): tf.Tensor1D {
  const [rows, columns] = matrix.shape;
  const { tensor, address } = engine.output<tf.Tensor1D>([columns]);
  sumColumns(engine, engine.address(matrix), rows, columns, address);
  return tensor;
}
