/** A tensor as a strided view of bytes, whatever container the bytes came from. */

import type { ByteSource } from './byteSource';
import type { DType, Tensor } from './checkpoint';
import { elementSize, readElement } from './dtypes';
import { limits } from './limits';

export interface StridedView {
  readonly dtype: DType;
  readonly shape: readonly number[];
  /** Elements from one index to the next, a value a dimension. */
  readonly stride: readonly number[];
  /** Bytes before the first element. */
  readonly byteOffset: number;
  readonly littleEndian: boolean;
}

export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** Strides of a row-major tensor. */
export function contiguousStride(shape: readonly number[]): number[] {
  const stride = new Array<number>(shape.length);
  let step = 1;
  for (let i = shape.length - 1; i >= 0; i--) {
    stride[i] = step;
    step *= Math.max(1, shape[i]);
  }
  return stride;
}

/** Whether the elements lie in row-major order without gaps. */
export function isContiguous({ shape, stride }: StridedView): boolean {
  const expected = contiguousStride(shape);
  // Where a dimension has one index or none, its stride is never used.
  return shape.every((size, i) => size < 2 || stride[i] === expected[i]);
}

/** First byte of the view, and the byte behind its last one. */
export function viewSpan({ dtype, shape, stride, byteOffset }: StridedView): { start: number; end: number } {
  if (elementCount(shape) === 0) return { start: byteOffset, end: byteOffset };
  const last = shape.reduce((sum, size, i) => sum + (size - 1) * stride[i], 0);
  return { start: byteOffset, end: byteOffset + (last + 1) * elementSize[dtype] };
}

/**
 * Why `shape` and `stride` cannot be read from `available` bytes, or undefined where they can.
 *
 * @param largeTensors allow more than `limits.tensorElements` where each element has bytes of its own: for those who
 *   read tensors in parts
 */
export function viewProblem(view: StridedView, available: number, largeTensors = false): string | undefined {
  const { dtype, shape, stride, byteOffset } = view;
  if (shape.length > limits.tensorDimensions) return `it has ${shape.length} dimensions`;
  if (shape.length !== stride.length) return `it has ${shape.length} sizes and ${stride.length} strides`;
  if (![...shape, ...stride, byteOffset].every((value) => Number.isSafeInteger(value) && value >= 0)) {
    return 'a size, a stride or its offset is not a whole number from 0';
  }
  const count = elementCount(shape);
  if (count === 0) return undefined;
  const isBacked = count * elementSize[dtype] <= available;
  if (count > limits.tensorElements && !(largeTensors && isBacked)) {
    return `it has ${count} elements, more than are read`;
  }
  const needed = viewSpan(view).end;
  return needed <= available ? undefined : `it needs ${needed} bytes where there are ${available}`;
}

/** Calls `visit` with the byte offset of each element, in row-major order. The view must have passed `viewProblem`. */
export function forEachElement(view: StridedView, visit: (byteOffset: number, index: number) => void): void {
  const { shape, byteOffset } = view;
  const size = elementSize[view.dtype];
  const steps = view.stride.map((stride) => stride * size);
  const position = new Array<number>(shape.length).fill(0);
  const count = elementCount(shape);
  let offset = byteOffset;
  for (let index = 0; index < count; index++) {
    visit(offset, index);
    for (let d = shape.length - 1; d >= 0; d--) {
      offset += steps[d];
      if (++position[d] < shape[d]) break;
      offset -= steps[d] * shape[d];
      position[d] = 0;
    }
  }
}

/** A tensor that can be read in parts; see `tensorParts.ts`. */
export interface ViewedTensor extends Tensor {
  readonly view: StridedView;
  /** What `view` shows. Tensors that share memory have the same. */
  readonly storage: ByteSource;
}

/** The tensor `name` that `view` shows in `storage`. */
export function viewedTensor(name: string, view: StridedView, storage: ByteSource): ViewedTensor {
  const { dtype, shape } = view;
  return {
    name,
    dtype,
    shape,
    view,
    storage,
    values() {
      const { start, end } = viewSpan(view);
      const bytes = storage.subarray(start, end);
      const data = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      const values = new Float64Array(elementCount(shape));
      forEachElement({ ...view, byteOffset: 0 }, (offset, index) => {
        values[index] = readElement(data, offset, dtype, view.littleEndian);
      });
      return values;
    },
  };
}
