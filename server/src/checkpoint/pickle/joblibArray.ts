/**
 * Arrays that joblib writes into the middle of a pickle: behind the BUILD of a `NumpyArrayWrapper` come raw numbers
 * (joblib/numpy_pickle.py, `NumpyArrayWrapper.write_array`), which its unpickler reads past and `pickle.load` does not.
 */

import type { ByteSource } from '../byteSource';
import { PickleDict, PickleObject, PickleTuple } from './values';
import type { PickleValue } from './values';

/** What follows in the stream. */
export type JoblibData =
  /** Another pickle: an array of Python objects. */
  | { readonly kind: 'pickle' }
  | { readonly kind: 'numbers'; readonly bytes: number }
  /** An array whose description is not one that joblib writes, so that its length is not known. */
  | { readonly kind: 'unknown' };

/** Fields of a record that are looked at. */
const fieldsCompared = 64;

const wrapperPath = 'joblib.numpy_pickle.NumpyArrayWrapper';

/** What joblib reads behind the BUILD of `target`, at `position`; undefined where that is no array of joblib. */
export function joblibData(target: PickleValue, stream: ByteSource, position: number): JoblibData | undefined {
  if (!(target instanceof PickleObject) || target.path !== wrapperPath) return undefined;
  // A second BUILD reads another array, by what both have set.
  if (target.states.length !== 1) return { kind: 'unknown' };
  const [state] = target.states;
  const shape = field(state, 'shape');
  const itemSize = elementBytes(field(state, 'dtype'));
  if (itemSize === 'objects') return { kind: 'pickle' };
  if (itemSize === undefined || !(shape instanceof PickleTuple)) return { kind: 'unknown' };
  const elements = shape.items.reduce<number>((product, size) => product * (typeof size === 'number' ? size : NaN), 1);
  if (!Number.isSafeInteger(elements * itemSize) || elements < 0) return { kind: 'unknown' };
  // Since joblib 1.1 a byte says how many bytes of padding follow, so that the numbers can be mapped into memory.
  const aligned = typeof field(state, 'numpy_array_alignment_bytes') === 'number';
  const padding = aligned ? 1 + (stream.subarray(position, position + 1).at(0) ?? 0) : 0;
  return { kind: 'numbers', bytes: padding + elements * itemSize };
}

function field(state: PickleValue | undefined, name: string): PickleValue | undefined {
  if (!(state instanceof PickleDict)) return undefined;
  return state.entries.filter(([key]) => key === name).at(-1)?.[1];
}

/** Bytes of an element of a pickled `numpy.dtype`. */
function elementBytes(dtype: PickleValue | undefined): number | 'objects' | undefined {
  if (!(dtype instanceof PickleObject)) return undefined;
  const [code] = dtype.args;
  const [, kind, size] = (typeof code === 'string' && /^[<>|=]?([A-Za-z])(\d{1,9})$/.exec(code)) || [];
  if (kind === undefined) return undefined;
  if (holdsObjects(dtype)) return 'objects';
  return kind === 'U' ? 4 * Number(size) : Number(size);
}

/** Records inside records that are looked into. */
const nestedRecords = 8;

/** Whether elements are Python objects, or records with some in a field. */
function holdsObjects(dtype: PickleValue | undefined, depth = nestedRecords): boolean {
  if (!(dtype instanceof PickleObject) || depth === 0) return false;
  const [code] = dtype.args;
  if (typeof code === 'string' && /^[<>|=]?O/.test(code)) return true;
  // (version, byte order, (element type, shape) of a subarray, names, fields, ...), see `arraydescr_reduce` of NumPy.
  const state = dtype.states.at(-1);
  if (!(state instanceof PickleTuple)) return false;
  const [, , subarray, , fields] = state.items;
  const first = (value: PickleValue | undefined) => (value instanceof PickleTuple ? value.items[0] : undefined);
  const inner =
    fields instanceof PickleDict ? fields.entries.slice(0, fieldsCompared).map(([, field]) => first(field)) : [];
  return [first(subarray), ...inner].some((type) => holdsObjects(type, depth - 1));
}
