import * as tf from '@tensorflow/tfjs-core';
import type { GraphnadBackend } from './graphnadBackend';
import { runsOnCpu, type KernelArguments, type OwnKernel } from './kernelRegistration';

/** Sums, means and extremes of float32 tensors along leading or trailing axes; others as on the JavaScript backend. */
export const reductionKernels: readonly OwnKernel[] = [
  { kernelName: tf.Sum, kernelFunc: (args) => sum(tf.Sum, args) },
  { kernelName: tf.Mean, kernelFunc: (args) => sum(tf.Mean, args) },
  { kernelName: tf.Max, kernelFunc: (args) => extreme(tf.Max, args) },
  { kernelName: tf.Min, kernelFunc: (args) => extreme(tf.Min, args) },
];

/** A tensor as a matrix of which rows or columns are reduced to one number each. */
interface Reduction {
  readonly along: 'rows' | 'columns';
  readonly rows: number;
  readonly columns: number;
  /** Shape of the result. */
  readonly shape: number[];
}

/** Elements of a long sum that are added up by themselves. */
const sumBlock = 16_384;

function sum(kernelName: string, args: KernelArguments): ReturnType<tf.KernelFunc> {
  const backend = args.backend as GraphnadBackend;
  const { x } = args.inputs as Record<'x', tf.TensorInfo>;
  const reduction = reductionOf(x, args.attrs as unknown as ReductionAttributes);
  if (reduction === undefined) return runsOnCpu(kernelName, args);
  const { along, rows, columns } = reduction;
  const { info, address } = backend.outputInfo(reduction.shape);
  const count = along === 'rows' ? columns : rows;
  const divisor = kernelName === tf.Mean ? Math.max(1, count) : 1;
  const from = backend.address(x);
  if (along === 'columns') {
    sumColumns(backend, from, rows, columns, address, divisor);
  } else if (rows === 1 && columns > sumBlock) {
    backend.withWorkspace((workspace) => {
      const blocks = Math.ceil(columns / sumBlock);
      const sums = workspace.doubles(blocks);
      backend.launch('blockSums', blocks, from, columns, sumBlock, sums);
      backend.launch('totals', 1, sums, blocks, divisor, address);
    });
  } else {
    backend.launch('rowSums', rows, from, columns, divisor, address);
  }
  return info;
}

/** Writes the sum of each column of a matrix, divided, to an address. */
export function sumColumns(
  backend: GraphnadBackend,
  from: number,
  rows: number,
  columns: number,
  to: number,
  divisor = 1,
): void {
  backend.withWorkspace((workspace) => {
    const totals = workspace.doubles(columns);
    backend.launch('columnSums', columns, from, rows, columns, totals);
    backend.launch('roundSums', columns, totals, divisor, to);
  });
}

function extreme(kernelName: string, args: KernelArguments): ReturnType<tf.KernelFunc> {
  const backend = args.backend as GraphnadBackend;
  const { x } = args.inputs as Record<'x', tf.TensorInfo>;
  const reduction = reductionOf(x, args.attrs as unknown as ReductionAttributes);
  if (reduction === undefined || reduction.rows * reduction.columns === 0) return runsOnCpu(kernelName, args);
  const { along, rows, columns } = reduction;
  const { info, address } = backend.outputInfo(reduction.shape);
  const largest = kernelName === tf.Max ? 1 : 0;
  const from = backend.address(x);
  if (along === 'rows') backend.launch('rowExtremes', rows, from, columns, largest, address);
  else backend.launch('columnExtremes', columns, from, rows, columns, largest, address);
  return info;
}

interface ReductionAttributes {
  /** Of sums. */
  readonly axis?: number | number[];
  /** Of extremes. */
  readonly reductionIndices?: number | number[];
  readonly keepDims: boolean;
}

/** @returns undefined for types other than float32 and for axes in the middle or apart from each other */
function reductionOf(x: tf.TensorInfo, attributes: ReductionAttributes): Reduction | undefined {
  if (x.dtype !== 'float32') return undefined;
  const rank = x.shape.length;
  const axes = tf.util.parseAxisParam((attributes.axis ?? attributes.reductionIndices) as number[], x.shape).sort();
  const [outShape] = tf.backend_util.computeOutAndReduceShapes(x.shape, axes);
  const shape = attributes.keepDims ? tf.backend_util.expandShapeToKeepDim(outShape, axes) : outShape;
  const size = (from: number, to?: number): number => tf.util.sizeFromShape(x.shape.slice(from, to));
  if (axes.every((axis, i) => axis === rank - axes.length + i)) {
    return { along: 'rows', rows: size(0, rank - axes.length), columns: size(rank - axes.length), shape };
  }
  if (axes.every((axis, i) => axis === i)) {
    return { along: 'columns', rows: size(0, axes.length), columns: size(axes.length), shape };
  }
  return undefined;
}
