import * as tf from '@tensorflow/tfjs-core';
import { broadcast } from './broadcast';
import type { GraphnadBackend } from './graphnadBackend';
import { runsOnCpu, type KernelArguments, type OwnKernel } from './kernelRegistration';

/** What the kernel `combine` and its relatives take for an operation, and for the same with exchanged operands. */
const binaryCodes: readonly (readonly [kernelName: string, code: number, exchanged: number])[] = [
  [tf.Add, 0, 0],
  [tf.Sub, 1, 6],
  [tf.Multiply, 2, 2],
  [tf.RealDiv, 3, 7],
  [tf.Minimum, 4, 4],
  [tf.Maximum, 5, 5],
];

/** What the kernel `map` takes for an operation. */
const unaryCodes: readonly (readonly [kernelName: string, code: number])[] = [
  [tf.Neg, 0],
  [tf.Relu, 1],
  [tf.Step, 2],
  [tf.Abs, 3],
  [tf.Square, 4],
  [tf.Sqrt, 5],
  [tf.Rsqrt, 6],
  [tf.Reciprocal, 7],
  [tf.Exp, 8],
  [tf.Log, 9],
];

/** Operations on float32 tensors element by element; other types run as on the JavaScript backend. */
export const elementwiseKernels: readonly OwnKernel[] = [
  ...binaryCodes.map(([kernelName, code, exchanged]) => ({
    kernelName,
    kernelFunc: (args: KernelArguments) => combine(kernelName, code, exchanged, args),
  })),
  ...unaryCodes.map(([kernelName, code]) => ({
    kernelName,
    kernelFunc: (args: KernelArguments) => map(kernelName, code, args),
  })),
  { kernelName: tf.AddN, kernelFunc: addN },
  { kernelName: tf.Fill, kernelFunc: fill },
  { kernelName: tf.ZerosLike, kernelFunc: zerosLike },
  { kernelName: tf.Cast, kernelFunc: cast },
];

function combine(kernelName: string, code: number, exchanged: number, args: KernelArguments): tf.TensorInfo {
  const backend = args.backend as GraphnadBackend;
  const { a, b } = args.inputs as Record<'a' | 'b', tf.TensorInfo>;
  const form = a.dtype === 'float32' && b.dtype === 'float32' ? broadcast(a.shape, b.shape) : undefined;
  if (form === undefined) return runsOnCpu(kernelName, args) as tf.TensorInfo;
  const { info, address } = backend.outputInfo([...form.shape]);
  const operation = form.exchanged ? exchanged : code;
  const whole = backend.address(form.exchanged ? b : a);
  const repeated = backend.address(form.exchanged ? a : b);
  switch (form.kind) {
    case 'same':
      backend.launch('combine', form.columns, operation, whole, repeated, address);
      break;
    case 'scalar':
      backend.launch('combineScalar', form.columns, operation, whole, repeated, address);
      break;
    case 'row':
      backend.launch('combineRow', form.rows, operation, whole, repeated, address, form.columns);
      break;
    case 'column':
      backend.launch('combineColumn', form.rows, operation, whole, repeated, address, form.columns);
      break;
  }
  return info;
}

function map(kernelName: string, code: number, args: KernelArguments): ReturnType<tf.KernelFunc> {
  const backend = args.backend as GraphnadBackend;
  const { x } = args.inputs as Record<'x', tf.TensorInfo>;
  if (x.dtype !== 'float32') return runsOnCpu(kernelName, args);
  const { info, address } = backend.outputInfo(x.shape);
  const slope = (args.attrs as { alpha?: number } | undefined)?.alpha ?? 0;
  backend.launch('map', tf.util.sizeFromShape(x.shape), code, backend.address(x), address, slope);
  return info;
}

function addN(args: KernelArguments): ReturnType<tf.KernelFunc> {
  const backend = args.backend as GraphnadBackend;
  // Typed as a map, given as an array.
  const [first, ...others] = args.inputs as unknown as tf.TensorInfo[];
  if (others.length === 0 || [first, ...others].some(({ dtype }) => dtype !== 'float32'))
    return runsOnCpu(tf.AddN, args);
  const { info, address } = backend.outputInfo(first.shape);
  const size = tf.util.sizeFromShape(first.shape);
  let sum = backend.address(first);
  for (const other of others) {
    backend.launch('combine', size, 0, sum, backend.address(other), address);
    sum = address;
  }
  return info;
}

function fill(args: KernelArguments): ReturnType<tf.KernelFunc> {
  const { shape, value, dtype } = args.attrs as unknown as { shape: number[]; value: unknown; dtype?: tf.DataType };
  if (typeof value !== 'number' || (dtype ?? 'float32') !== 'float32') return runsOnCpu(tf.Fill, args);
  return filled(args.backend as GraphnadBackend, shape, value);
}

function zerosLike(args: KernelArguments): ReturnType<tf.KernelFunc> {
  const { x } = args.inputs as Record<'x', tf.TensorInfo>;
  if (x.dtype !== 'float32') return runsOnCpu(tf.ZerosLike, args);
  return filled(args.backend as GraphnadBackend, x.shape, 0);
}

function filled(backend: GraphnadBackend, shape: number[], value: number): tf.TensorInfo {
  const { info, address } = backend.outputInfo(shape);
  backend.launch('fill', tf.util.sizeFromShape(shape), address, value);
  return info;
}

/**
 * The JavaScript backend keeps the values and changes only the name of their type where nothing is lost; here the
 * type decides how values lie in memory, so they are written anew.
 */
function cast(args: KernelArguments): ReturnType<tf.KernelFunc> {
  const backend = args.backend as GraphnadBackend;
  const { x } = args.inputs as Record<'x', tf.TensorInfo>;
  const { dtype } = args.attrs as unknown as { dtype: tf.DataType };
  const numbers: readonly tf.DataType[] = ['float32', 'int32', 'bool'];
  const widens = x.dtype !== dtype && numbers.includes(x.dtype) && (dtype === 'float32' || dtype === 'int32');
  if (!widens || tf.util.hasEncodingLoss(x.dtype, dtype)) return runsOnCpu(tf.Cast, args);
  const values = backend.data.get(x.dataId).values as tf.TypedArray;
  return { dataId: backend.write(values, x.shape, dtype), shape: x.shape, dtype };
}
