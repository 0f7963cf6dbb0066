/** Recognises NumPy arrays among the inert objects of a pickle, by the known callables that would rebuild them. */

import type { ByteSource } from '../byteSource';
import { section } from '../byteSource';
import { elementSize } from '../dtypes';
import type { PickleValue } from '../pickle/values';
import { PickleDict, PickleObject, PickleTuple } from '../pickle/values';
import type { StridedView } from '../stridedView';
import { contiguousStride, elementCount } from '../stridedView';
import type { ElementType } from './elementType';
import { elementType } from './elementType';
import type { PickledBytes } from './pickledBytes';

/** An array whose numbers are in the stream. */
export interface PickledArray {
  /** The elements as a view of `bytes`. */
  readonly view: StridedView;
  /** A part of the stream, or bytes that it makes of a text. */
  readonly bytes: ByteSource;
}

/** NumPy 2 renamed `numpy.core`. */
const rebuilders = ['numpy.core.multiarray._reconstruct', 'numpy._core.multiarray._reconstruct'];
const bufferRebuilders = ['numpy.core.numeric._frombuffer', 'numpy._core.numeric._frombuffer'];
const joblibArray = 'joblib.numpy_pickle.NumpyArrayWrapper';

/**
 * The array that `value` would become, or why it cannot be read; undefined where it would not become one.
 *
 * @param bytes of the pickle
 */
export function asArray(value: PickleValue, bytes: PickledBytes): PickledArray | string | undefined {
  if (!(value instanceof PickleObject) || value.path === undefined) return undefined;
  if (rebuilders.includes(value.path)) return fromState(value.states.at(-1), bytes);
  if (bufferRebuilders.includes(value.path)) {
    const [buffer, dtype, shape, order] = value.args;
    return arrayOf(dtype, shape, order === 'F', (size) => bytes.of(buffer, size));
  }
  return value.path === joblibArray ? fromJoblib(value, bytes.stream) : undefined;
}

/** What `ndarray.__setstate__` is given: version, shape, element type, whether the order is Fortran's, bytes. */
function fromState(state: PickleValue | undefined, bytes: PickledBytes): PickledArray | string {
  const parts = state instanceof PickleTuple ? state.items : [];
  // The first NumPy wrote no version.
  const [shape, dtype, isFortran, data] = parts.length === 5 ? parts.slice(1) : parts;
  return arrayOf(dtype, shape, isFortran === true || isFortran === 1, (size) => bytes.of(data, size));
}

function fromJoblib(value: PickleObject, stream: ByteSource): PickledArray | string {
  const state = value.states.at(-1);
  const fields = new Map(state instanceof PickleDict ? state.entries : []);
  const { numbersAt } = value;
  if (numbersAt === undefined) return elementsOf(fields.get('dtype')) ?? 'nothing says where its numbers are';
  // A byte says how many bytes of padding follow, where the numbers are aligned.
  const isAligned = typeof fields.get('numpy_array_alignment_bytes') === 'number';
  const start = numbersAt + (isAligned ? 1 + (stream.subarray(numbersAt, numbersAt + 1).at(0) ?? 0) : 0);
  return arrayOf(fields.get('dtype'), fields.get('shape'), fields.get('order') === 'F', (size) =>
    section(stream, start, Math.min(start + size, stream.length)),
  );
}

function arrayOf(
  dtype: PickleValue | undefined,
  shape: PickleValue | undefined,
  isFortran: boolean,
  bytes: (size: number) => ByteSource | string,
): PickledArray | string {
  const type = asElementType(dtype);
  if (typeof type === 'string') return type;
  if (
    !(shape instanceof PickleTuple) ||
    !shape.items.every((size) => Number.isSafeInteger(size) && Number(size) >= 0)
  ) {
    return 'its shape is not given in whole numbers';
  }
  const sizes = shape.items.map(Number);
  const size = elementCount(sizes) * elementSize[type.dtype];
  const found = bytes(size);
  if (typeof found === 'string') return found;
  if (found.length !== size) return `it needs ${size} bytes where there are ${found.length}`;
  const stride = isFortran ? contiguousStride([...sizes].reverse()).reverse() : contiguousStride(sizes);
  return { view: { ...type, shape: sizes, stride, byteOffset: 0 }, bytes: found };
}

/** `numpy.dtype(code, ...)`, with the byte order in what it is set to. */
function asElementType(value: PickleValue | undefined): ElementType | string {
  if (!(value instanceof PickleObject) || value.path !== 'numpy.dtype') return 'its element type is computed';
  const [code] = value.args;
  const state = value.states.at(-1);
  const order = state instanceof PickleTuple ? state.items[1] : '<';
  if (typeof code !== 'string') return 'its element type is computed';
  return elementType(`${order === '>' ? '>' : ''}${code}`);
}

/** Why elements of a type are not read, where they are not. */
function elementsOf(dtype: PickleValue | undefined): string | undefined {
  const type = asElementType(dtype);
  return typeof type === 'string' ? type : undefined;
}
