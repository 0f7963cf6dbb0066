import * as tf from '@tensorflow/tfjs-core';
import type { GraphnadBackend } from './graphnadBackend';
import { runsOnCpu, type KernelArguments } from './kernelRegistration';

/** Matrix products of tfjs, `[..., m, k]` by `[..., k, n]` with either operand transposed on request. */
export const batchMatMul: tf.KernelFunc = (args) => {
  if (!isFloat(args)) return runsOnCpu(tf.BatchMatMul, args);
  return multiply(args, 0, 0);
};

/** The same with bias and ReLU; other activations run as on the JavaScript backend. */
export const fusedMatMul: tf.KernelFunc = (args) => {
  const { a, b, bias } = args.inputs as Record<'a' | 'b' | 'bias', tf.TensorInfo | undefined>;
  const { activation, transposeB } = args.attrs as unknown as { activation?: string; transposeB: boolean };
  const columns = b?.shape.at(transposeB ? -2 : -1);
  const plainBias = bias === undefined || (bias.dtype === 'float32' && tf.util.sizeFromShape(bias.shape) === columns);
  const plainActivation = !activation || activation === 'linear' || activation === 'relu';
  if (a === undefined || !isFloat(args) || !plainBias || !plainActivation) return runsOnCpu(tf._FusedMatMul, args);
  const backend = args.backend as GraphnadBackend;
  return multiply(args, bias === undefined ? 0 : backend.address(bias), activation === 'relu' ? 1 : 0);
};

function multiply(args: KernelArguments, bias: number, relu: number): tf.TensorInfo {
  const backend = args.backend as GraphnadBackend;
  const { a, b } = args.inputs as Record<'a' | 'b', tf.TensorInfo>;
  const { transposeA, transposeB } = args.attrs as unknown as Record<'transposeA' | 'transposeB', boolean>;
  const [aBatch, aRows, aColumns] = asStack(a.shape);
  const [bBatch, bRows, bColumns] = asStack(b.shape);
  const m = transposeA ? aColumns : aRows;
  const k = transposeA ? aRows : aColumns;
  const n = transposeB ? bRows : bColumns;
  const inner = transposeB ? bColumns : bRows;
  tf.util.assert(
    k === inner,
    () => `matMul: inner sizes ${k} and ${inner} of [${a.shape.join()}] and [${b.shape.join()}] differ`,
  );
  const outer = tf.broadcast_util.assertAndGetBroadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2));
  const { info, address } = backend.outputInfo([...outer, m, n]);
  backend.withWorkspace((workspace) => {
    // The kernels take B as it is; a transposed one is turned around first, which costs as much as reading it.
    const turnedB = transposeB ? workspace.room(k * n) : 0;
    const turnedA = transposeA && (bias !== 0 || relu !== 0) ? workspace.room(m * k) : 0;
    for (let i = 0; i < Math.max(aBatch, bBatch); i++) {
      let aAt = backend.address(a) + 4 * (i % aBatch) * m * k;
      let bAt = backend.address(b) + 4 * (i % bBatch) * k * n;
      const cAt = address + 4 * i * m * n;
      if (transposeB) {
        backend.launch('transpose', n, bAt, turnedB, n, k);
        bAt = turnedB;
      }
      if (turnedA !== 0) {
        backend.launch('transpose', k, aAt, turnedA, k, m);
        aAt = turnedA;
      }
      if (transposeA && turnedA === 0) backend.launch('gemmTransposed', m, aAt, bAt, cAt, k, n, m);
      else backend.launch('gemm', m, aAt, bAt, cAt, n, k, bias, relu, 0);
    }
  });
  return info;
}

/** A tensor of rank 2 or more as a stack of matrices: `[count, rows, columns]`. */
function asStack(shape: readonly number[]): [number, number, number] {
  const [rows, columns] = shape.slice(-2);
  return [tf.util.sizeFromShape(shape.slice(0, -2)), rows, columns];
}

function isFloat({ inputs }: KernelArguments): boolean {
  const { a, b } = inputs as Record<'a' | 'b', tf.TensorInfo>;
  return a.dtype === 'float32' && b.dtype === 'float32';
}
