/** Where the numbers of a tensor are: in the model as they are, listed one by one, or in a file beside it. */

import type { ByteSource } from '../byteSource';
import { section } from '../byteSource';
import type { DType } from '../checkpoint';
import { CheckpointError } from '../checkpoint';
import type { FormatOptions } from '../checkpointFormat';
import { decodedSource } from '../decodedSource';
import { elementSize } from '../dtypes';
import type { StridedView } from '../stridedView';
import { contiguousStride, elementCount, viewProblem } from '../stridedView';
import type { ExternalData, OnnxTensor } from './tensor';
import { decodeListed, isListedRaw } from './tensor';
import { WireFault } from './wire';

/** A tensor whose numbers were found. */
export interface Elements {
  readonly dtype: DType;
  /** The elements as a view of `storage`. */
  readonly view: StridedView;
  readonly storage: ByteSource;
  /** First byte of `storage` in the model or in the external file; undefined where it was made of listed numbers. */
  readonly offset?: number;
  readonly external?: ExternalData;
}

/** A tensor of the model and its numbers. */
export interface FoundTensor {
  readonly tensor: OnnxTensor;
  readonly elements: Elements;
}

/** Finds the numbers of `tensor`, or says why they are not read. */
export function elementsOf(tensor: OnnxTensor, source: ByteSource, options: FormatOptions): Elements | string {
  const { dtype, shape, raw, listed, external } = tensor;
  if (dtype === undefined) return `its element type (${tensor.typeName}) is not read`;
  const found = { dtype, view: { dtype, shape, stride: contiguousStride(shape), byteOffset: 0, littleEndian: true } };
  const size = elementCount(shape) * elementSize[dtype];
  const checked = (elements: Elements): Elements | string =>
    viewProblem(elements.view, elements.storage.length, options.largeTensors) ?? elements;
  const within = (from: number, end: number, where: ByteSource): Elements | string =>
    end - from === size
      ? checked({ ...found, storage: section(where, from, end), offset: from, external })
      : `it needs ${size} bytes where there are ${end - from}`;

  if (external !== undefined) {
    try {
      const beside = options.openBeside(external.location);
      const end = external.length === undefined ? beside.length : external.offset + external.length;
      if (end > beside.length || external.offset > end) return `its numbers run past the end of ${external.location}`;
      return within(external.offset, end, beside);
    } catch (error) {
      if (error instanceof CheckpointError) return error.reason;
      throw error;
    }
  }
  if (raw !== undefined) return within(raw.from, raw.end, source);
  if (listed.length === 1 && isListedRaw(dtype)) return within(listed[0].from, listed[0].end, source);
  const listedBytes = listed.reduce((sum, { from, end }) => sum + end - from, 0);
  // A listed number takes a byte or more.
  if (!(elementCount(shape) <= listedBytes)) {
    return `it has ${elementCount(shape)} elements in ${listedBytes} bytes`;
  }
  return checked({ ...found, storage: decodedSource(size, () => decode(tensor, dtype, source, options.file)) });
}

function decode({ name, shape, listed }: OnnxTensor, dtype: DType, source: ByteSource, file: string): Uint8Array {
  try {
    return decodeListed(source, listed, dtype, elementCount(shape));
  } catch (error) {
    if (!(error instanceof WireFault)) throw error;
    throw new CheckpointError(file, `tensor ${JSON.stringify(name)} cannot be read: ${error.reason}`, error.offset);
  }
}
