/** The weights of a group, in the bytes of its files. */

import type { ByteSource } from '../byteSource';
import { section } from '../byteSource';
import type { DType } from '../checkpoint';
import { CheckpointError } from '../checkpoint';
import type { FormatOptions } from '../checkpointFormat';
import { decodedSource } from '../decodedSource';
import { elementSize, encodeElements } from '../dtypes';
import type { StridedView } from '../stridedView';
import { contiguousStride, elementCount, viewProblem } from '../stridedView';
import { concatenated } from './concatenated';
import type { Quantization, WeightGroup, WeightSpec } from './manifest';

/** Element types of the format that are read. */
const dtypes: Readonly<Record<string, DType>> = { float32: 'float32', int32: 'int32', bool: 'bool', uint8: 'uint8' };

export interface FoundWeight {
  readonly spec: WeightSpec;
  /** The elements as a view of `storage`. */
  readonly view: StridedView;
  readonly storage: ByteSource;
  /** Its bytes in the group. */
  readonly start: number;
  readonly end: number;
  /** Whether `storage` was made of quantised numbers. */
  readonly isQuantized: boolean;
}

/** The files of a group, opened. */
export function openGroup({ paths }: WeightGroup, { openBeside }: Pick<FormatOptions, 'openBeside'>): ByteSource[] {
  return paths.map((path) => openBeside(path));
}

/** For each weight of a group, in order: where it is, or why it is not read. */
export function weightsOf(group: WeightGroup, options: FormatOptions): (FoundWeight | string)[] {
  let source: ByteSource;
  try {
    source = concatenated(openGroup(group, options));
  } catch (error) {
    if (!(error instanceof CheckpointError)) throw error;
    return group.weights.map(() => `${error.file}: ${error.reason}`);
  }
  let at: number | undefined = 0;
  return group.weights.map((spec) => {
    const size = storedSize(spec);
    if (at === undefined) return 'it lies behind texts, whose length nothing says';
    const start = at;
    at = size === undefined ? undefined : start + size;
    return size === undefined
      ? `its element type ${JSON.stringify(spec.dtype)} is not read`
      : foundWeight(spec, source, start, start + size, options);
  });
}

/** Bytes of a weight; undefined where nothing says. */
function storedSize({ shape, dtype, quantization }: WeightSpec): number | undefined {
  if (quantization !== undefined) return elementCount(shape) * (quantization.dtype === 'uint8' ? 1 : 2);
  if (dtype === 'complex64') return elementCount(shape) * 8;
  return Object.hasOwn(dtypes, dtype) ? elementCount(shape) * elementSize[dtypes[dtype]] : undefined;
}

function foundWeight(
  spec: WeightSpec,
  source: ByteSource,
  start: number,
  end: number,
  { file, largeTensors }: FormatOptions,
): FoundWeight | string {
  const { shape, quantization } = spec;
  if (!(end <= source.length))
    return `it needs ${end - start} bytes where there are ${Math.max(0, source.length - start)}`;
  if (!Object.hasOwn(dtypes, spec.dtype)) return `its element type ${JSON.stringify(spec.dtype)} is not read`;
  const isQuantized = quantization !== undefined && quantization.dtype !== 'float16';
  const dtype = quantization?.dtype === 'float16' ? 'float16' : dtypes[spec.dtype];
  const view = { dtype, shape, stride: contiguousStride(shape), byteOffset: 0, littleEndian: true };
  const stored = section(source, start, end);
  const storage = isQuantized
    ? decodedSource(elementCount(shape) * elementSize[dtype], () =>
        dequantized(stored, quantization, dtype, spec, file),
      )
    : stored;
  return viewProblem(view, storage.length, largeTensors) ?? { spec, view, storage, start, end, isQuantized };
}

/** As TensorFlow.js does (tfjs-core/src/io/io_utils.ts, `decodeWeights`): in float32, whole numbers rounded. */
function dequantized(
  stored: ByteSource,
  { dtype: storedType, scale, min }: Exclude<Quantization, { dtype: 'float16' }>,
  dtype: DType,
  { name }: WeightSpec,
  file: string,
): Uint8Array {
  const bytes = stored.subarray(0, stored.length);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const size = storedType === 'uint8' ? 1 : 2;
  const values = Float64Array.from({ length: bytes.length / size }, (_, i) => {
    const value = (size === 1 ? bytes[i] : view.getUint16(2 * i, true)) * scale + min;
    return dtype === 'float32' ? value : Math.round(value);
  });
  const limit = dtype === 'int32' ? 2 ** 31 : Infinity;
  if (values.some((value) => !(Math.abs(value) < limit))) {
    throw new CheckpointError(file, `weight ${JSON.stringify(name)} has a scale or a minimum that no numbers have`);
  }
  return encodeElements(values, dtype);
}
