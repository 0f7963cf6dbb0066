import * as tf from '@tensorflow/tfjs-core';
import type { GraphnadBackend } from './graphnadBackend';
import { runsOnCpu, type KernelArguments, type OwnKernel } from './kernelRegistration';

/** Rows of float32 tensors moved, added up by segment, or repeated, and transposed matrices. */
export const gatherKernels: readonly OwnKernel[] = [
  { kernelName: tf.GatherV2, kernelFunc: gather },
  { kernelName: tf.UnsortedSegmentSum, kernelFunc: segmentSum },
  { kernelName: tf.Tile, kernelFunc: tile },
  { kernelName: tf.Transpose, kernelFunc: transpose },
];

/** Numbers of a row: of all dimensions but the first. */
function rowSize(shape: readonly number[]): number {
  return tf.util.sizeFromShape(shape.slice(1));
}

function gather(args: KernelArguments): ReturnType<tf.KernelFunc> {
  const backend = args.backend as GraphnadBackend;
  const { x, indices } = args.inputs as Record<'x' | 'indices', tf.TensorInfo>;
  const { axis, batchDims } = args.attrs as unknown as { axis: number; batchDims?: number };
  const rows = x.shape[0];
  // An index out of range goes to the JavaScript backend too, which says so.
  const ours =
    x.dtype === 'float32' &&
    x.shape.length > 0 &&
    (axis === 0 || axis === -x.shape.length) &&
    !batchDims &&
    indices.dtype === 'int32' &&
    (backend.data.get(indices.dataId).values as Int32Array).every((index) => index >= 0 && index < rows);
  if (!ours) return runsOnCpu(tf.GatherV2, args);
  const { info, address } = backend.outputInfo([...indices.shape, ...x.shape.slice(1)]);
  const count = tf.util.sizeFromShape(indices.shape);
  backend.launch('gatherRows', count, backend.address(x), backend.address(indices), rowSize(x.shape), address);
  return info;
}

function segmentSum(args: KernelArguments): ReturnType<tf.KernelFunc> {
  const backend = args.backend as GraphnadBackend;
  const { x, segmentIds } = args.inputs as Record<'x' | 'segmentIds', tf.TensorInfo>;
  const { numSegments } = args.attrs as unknown as { numSegments: number };
  if (x.dtype !== 'float32' || segmentIds.dtype !== 'int32' || segmentIds.shape.length !== 1) {
    return runsOnCpu(tf.UnsortedSegmentSum, args);
  }
  const columns = rowSize(x.shape);
  const { info, address } = backend.outputInfo([numSegments, ...x.shape.slice(1)]);
  backend.withWorkspace((workspace) => {
    const [from, segments] = [backend.address(x), backend.address(segmentIds)];
    const sums = workspace.doubles(numSegments * columns);
    backend.launch('segmentSums', numSegments, from, segments, x.shape[0], columns, sums, address);
  });
  return info;
}

/** A tensor repeated as a whole, along dimensions of length 1 in front. */
function tile(args: KernelArguments): ReturnType<tf.KernelFunc> {
  const backend = args.backend as GraphnadBackend;
  const { x } = args.inputs as Record<'x', tf.TensorInfo>;
  const { reps } = args.attrs as unknown as { reps: number[] };
  const front = x.shape.findIndex((length) => length !== 1);
  const whole = front < 0 || reps.slice(front).every((count) => count === 1);
  if (x.dtype !== 'float32' || reps.length !== x.shape.length || !whole) return runsOnCpu(tf.Tile, args);
  const { info, address } = backend.outputInfo(x.shape.map((length, i) => length * reps[i]));
  const copies = tf.util.sizeFromShape(reps);
  backend.launch('repeatRows', copies, backend.address(x), tf.util.sizeFromShape(x.shape), address);
  return info;
}

function transpose(args: KernelArguments): ReturnType<tf.KernelFunc> {
  const backend = args.backend as GraphnadBackend;
  const { x } = args.inputs as Record<'x', tf.TensorInfo>;
  const { perm } = args.attrs as unknown as { perm: number[] };
  if (x.dtype !== 'float32' || !tf.util.arraysEqual(perm, [1, 0])) return runsOnCpu(tf.Transpose, args);
  const [rows, columns] = x.shape;
  const { info, address } = backend.outputInfo([columns, rows]);
  backend.launch('transpose', rows, backend.address(x), address, rows, columns);
  return info;
}
