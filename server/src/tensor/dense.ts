/** Steps of dense layers and of their gradients that the engine's kernels do; none of them is recorded for gradients. */
import type * as tf from '@tensorflow/tfjs-core';
import type { GraphnadBackend } from './engine/graphnadBackend';

export interface DenseLayerOptions {
  /** b, `[outputs]`; zero where absent. */
  readonly bias?: tf.Tensor1D;
  /** Whether negative values become zero. Default false. */
  readonly relu?: boolean;
  /** c, an upper bound per output column, `[outputs]`; none where absent. */
  readonly upper?: Float32Array;
}

/** min(ReLU(x W + b), c), `[rows, outputs]` of `[rows, inputs]` and `[inputs, outputs]`. */
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

/** min(ReLU(f z + o), c) with a factor f and an offset o per column, `[rows, columns]`. */
export function scaleShiftRelu(
  engine: GraphnadBackend,
  z: tf.Tensor2D,
  factor: Float32Array,
  offset: Float32Array,
  upper?: Float32Array,
): tf.Tensor2D {
  const [rows, columns] = z.shape;
  const { tensor, address } = engine.output<tf.Tensor2D>([rows, columns]);
  engine.withWorkspace((workspace) => {
    const constants = [factor, offset, upper].map((values) => workspace.copy(values));
    engine.launch('normRelu', rows, engine.address(z), ...constants, address, columns);
  });
  return tensor;
}

/** dy where 0 < y < c, zero elsewhere, `[rows, columns]`. */
export function reluGradient(
  engine: GraphnadBackend,
  dy: tf.Tensor2D,
  y: tf.Tensor,
  upper?: Float32Array,
): tf.Tensor2D {
  const [rows, columns] = dy.shape;
  const { tensor, address } = engine.output<tf.Tensor2D>([rows, columns]);
  engine.withWorkspace((workspace) => {
    const bound = workspace.copy(upper);
    engine.launch('reluGradient', rows, engine.address(dy), engine.address(y), bound, address, columns);
  });
  return tensor;
}

/** Sum of each column, `[columns]` of `[rows, columns]`. */
export function columnSums(engine: GraphnadBackend, matrix: tf.Tensor2D): tf.Tensor1D {
  const [rows, columns] = matrix.shape;
  const { tensor } = engine.output<tf.Tensor1D>([columns]);
  engine.withWorkspace((workspace) => {
    const totals = workspace.doubles(columns);
    engine.launch('columnSums', columns, engine.address(matrix), rows, columns, totals);
    engine.values(tensor).set(engine.memoryPool.doubles(totals, columns));
  });
  return tensor;
}
