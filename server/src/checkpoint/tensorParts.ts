/** Tensors read in parts, so that one of any size takes little memory. */

import { CheckpointError } from './checkpoint';
import { elementSize, readElement } from './dtypes';
import { limits } from './limits';
import type { StridedView, ViewedTensor } from './stridedView';
import { elementCount, isContiguous, viewSpan } from './stridedView';

/** Bytes of a part. */
const partSize = 1 << 22;

/** Bytes of a tensor's elements, each counted once for every place it has in the tensor. */
export function tensorBytes({ dtype, shape }: Pick<ViewedTensor, 'dtype' | 'shape'>): number {
  return elementCount(shape) * elementSize[dtype];
}

/**
 * The elements as bytes, row-major and little-endian, in parts of a few megabytes: what safetensors stores.
 *
 * @param file names the file in errors
 * @throws CheckpointError where the elements lie out of order over more than `limits.tensorSpan` bytes
 */
export function* tensorParts(tensor: ViewedTensor, file: string): Generator<Uint8Array, void> {
  yield* isContiguous(tensor.view) ? contiguousParts(tensor) : gatheredParts(tensor, file);
}

/** Elements `from` to before `to`, counted in row-major order. */
export interface ElementBlock {
  readonly from: number;
  readonly to: number;
}

/**
 * The elements of some blocks as numbers, one block after another.
 *
 * @throws CheckpointError as `tensorParts`
 */
export function readBlocks(tensor: ViewedTensor, blocks: readonly ElementBlock[], file: string): Float64Array {
  const { view, storage } = tensor;
  const size = elementSize[view.dtype];
  const values = new Float64Array(blocks.reduce((sum, { from, to }) => sum + to - from, 0));
  let at = 0;
  if (isContiguous(view)) {
    for (const { from, to } of blocks) {
      const bytes = storage.subarray(view.byteOffset + from * size, view.byteOffset + to * size);
      const data = viewOf(bytes);
      for (let i = 0; i < to - from; i++) values[at++] = readElement(data, i * size, view.dtype, view.littleEndian);
    }
    return values;
  }
  const data = viewOf(spanBytes(tensor, file));
  for (const { from, to } of blocks) {
    for (let i = from; i < to; i++)
      values[at++] = readElement(data, elementOffset(view, i), view.dtype, view.littleEndian);
  }
  return values;
}

function* contiguousParts({ view, storage }: ViewedTensor): Generator<Uint8Array> {
  const { start, end } = viewSpan(view);
  for (let at = start; at < end; at += partSize) {
    const part = storage.subarray(at, Math.min(at + partSize, end));
    yield view.littleEndian ? part : swapped(part, elementSize[view.dtype]);
  }
}

function* gatheredParts(tensor: ViewedTensor, file: string): Generator<Uint8Array> {
  const { view } = tensor;
  const bytes = spanBytes(tensor, file);
  const size = elementSize[view.dtype];
  const count = elementCount(view.shape);
  const perPart = partSize / size;
  for (let from = 0; from < count; from += perPart) {
    const part = new Uint8Array(Math.min(perPart, count - from) * size);
    for (let at = 0; at < part.length; at += size) {
      const offset = elementOffset(view, from + at / size);
      for (let i = 0; i < size; i++) part[at + i] = bytes[offset + i];
    }
    yield view.littleEndian ? part : swapped(part, size);
  }
}

/** The bytes from the first to the last element. */
function spanBytes({ name, view, storage }: ViewedTensor, file: string): Uint8Array {
  const { start, end } = viewSpan(view);
  if (end - start > limits.tensorSpan) {
    throw new CheckpointError(
      file,
      `tensor ${JSON.stringify(name)} does not lie in order and is too large to be read at once`,
    );
  }
  return storage.subarray(start, end);
}

/** Byte offset of element `index`, counted in row-major order, from the first element. */
function elementOffset({ dtype, shape, stride }: StridedView, index: number): number {
  let offset = 0;
  for (let d = shape.length - 1; d >= 0; d--) {
    offset += (index % shape[d]) * stride[d];
    index = Math.floor(index / shape[d]);
  }
  return offset * elementSize[dtype];
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** A copy with the bytes of each element in reverse. */
function swapped(bytes: Uint8Array, size: number): Uint8Array {
  const copy = Uint8Array.from(bytes);
  for (let at = 0; at < copy.length; at += size) copy.subarray(at, at + size).reverse();
  return copy;
}
