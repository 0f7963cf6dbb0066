/** Tensors read in parts, so that one of any size takes little memory. */

import { CheckpointError, type DType } from './checkpoint';
import { elementSize, readElement } from './dtypes';
import { limits } from './limits';
import type { ViewedTensor } from './stridedView';
import { elementCount, forEachElement, isContiguous, viewSpan } from './stridedView';

/** Bytes of a part. */
const partSize = 1 << 22;

/** Bytes of a tensor's elements, each counted once for every place it has in the tensor. */
export function tensorBytes({ dtype, shape }: Pick<ViewedTensor, 'dtype' | 'shape'>): number {
  return elementCount(shape) * elementSize[dtype];
}

/**
 * The elements as bytes, row-major and little-endian, in parts of a few megabytes: what safetensors stores. A part is
 * not to be kept, as it may be written over by the next.
 *
 * @param file names the file in errors
 * @throws CheckpointError where the elements lie out of order over more than `limits.tensorSpan` bytes
 */
export function* tensorParts(tensor: ViewedTensor, file: string): Generator<Uint8Array> {
  yield* isContiguous(tensor.view) ? contiguousParts(tensor) : gatheredParts(tensor, file);
}

/** Elements `from` to before `to` of a contiguous tensor, in row-major order, as numbers. */
export function elementRange(tensor: ViewedTensor, from: number, to: number): Float64Array {
  const { view, storage } = tensor;
  const size = elementSize[view.dtype];
  const bytes = storage.subarray(view.byteOffset + from * size, view.byteOffset + to * size);
  return decodeElements(bytes, view.dtype, view.littleEndian);
}

/** Numbers from bytes. */
export function decodeElements(bytes: Uint8Array, dtype: DType, littleEndian: boolean): Float64Array {
  const size = elementSize[dtype];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const values = new Float64Array(Math.floor(bytes.length / size));
  for (let i = 0; i < values.length; i++) values[i] = readElement(view, i * size, dtype, littleEndian);
  return values;
}

function* contiguousParts({ view, storage }: ViewedTensor): Generator<Uint8Array> {
  const { start, end } = viewSpan(view);
  for (let at = start; at < end; at += partSize) {
    const part = storage.subarray(at, Math.min(at + partSize, end));
    yield view.littleEndian ? part : swapped(part, elementSize[view.dtype]);
  }
}

function* gatheredParts({ name, view, storage }: ViewedTensor, file: string): Generator<Uint8Array> {
  const { start, end } = viewSpan(view);
  if (end - start > limits.tensorSpan) {
    throw new CheckpointError(
      file,
      `tensor ${JSON.stringify(name)} does not lie in order and is too large to be read at once`,
    );
  }
  const bytes = storage.subarray(start, end);
  const size = elementSize[view.dtype];
  const gathered = new Uint8Array(elementCount(view.shape) * size);
  forEachElement({ ...view, byteOffset: 0 }, (offset, index) => {
    for (let i = 0; i < size; i++) gathered[index * size + i] = bytes[offset + i];
  });
  yield view.littleEndian ? gathered : swapped(gathered, size);
}

/** A copy with the bytes of each element in reverse. */
function swapped(bytes: Uint8Array, size: number): Uint8Array {
  const copy = Uint8Array.from(bytes);
  for (let at = 0; at < copy.length; at += size) copy.subarray(at, at + size).reverse();
  return copy;
}
