/** A tensor as a strided view of bytes, whatever container the bytes came from. */

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

/** Why `shape` and `stride` cannot be read from `available` bytes, or undefined where they can. */
export function viewProblem(view: StridedView, available: number): string | undefined {
  const { dtype, shape, stride, byteOffset } = view;
  if (shape.length > limits.tensorDimensions) return `it has ${shape.length} dimensions`;
  if (shape.length !== stride.length) return `it has ${shape.length} sizes and ${stride.length} strides`;
  if (![...shape, ...stride, byteOffset].every((value) => Number.isSafeInteger(value) && value >= 0)) {
    return 'a size, a stride or its offset is not a whole number from 0';
  }
  const count = elementCount(shape);
  if (count === 0) return undefined;
  if (count > limits.tensorElements) return `it has ${count} elements, more than are read`;
  const last = shape.reduce((sum, size, i) => sum + (size - 1) * stride[i], 0);
  const needed = byteOffset + (last + 1) * elementSize[dtype];
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

/** The tensor `name` that `view` shows in `bytes`. */
export function viewedTensor(name: string, view: StridedView, bytes: Uint8Array): Tensor {
  const { dtype, shape } = view;
  return {
    name,
    dtype,
    shape,
    values() {
      const data = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      const values = new Float64Array(elementCount(shape));
      forEachElement(view, (offset, index) => {
        values[index] = readElement(data, offset, dtype, view.littleEndian);
      });
      return values;
    },
  };
}
