/**
 * Element types of NumPy as a pickle describes them. `numpy.dtype.__setstate__` takes them at their word: what calls
 * numbers objects, or lays a number over an object, makes addresses of stored bytes, and of those whatever an attacker wants.
 */

import type { PickleValue } from './values';
import { GlobalReference, PickleDict, PickleObject, PickleTuple } from './values';

interface ElementType {
  readonly bytes: number;
  readonly holdsObjects: boolean;
}

/** Fields of a record that are looked at. */
const mostFields = 10_000;

/** Flags of a type whose elements are counted references, and are pickled as objects one by one (ndarraytypes.h). */
const flag = { refcount: 1, listPickle: 2, pointer: 4 } as const;

const problem =
  'it describes elements of NumPy as NumPy never does, so that numbers may be taken for addresses in memory';

/** Why the last state of `dtype` is none that NumPy writes, or undefined where it is one. */
export function dtypeProblem(dtype: PickleObject): string | undefined {
  const [state] = dtype.states;
  const named = isRecord(dtype.args[0]) ? recordOf(state) : namedType(dtype.args[0]);
  const described = dtype.states.length === 1 ? describedType(named, state) : undefined;
  if (state instanceof PickleTuple) for (const part of state.items) if (part instanceof PickleDict) kept.add(part);
  if (described === undefined) return problem;
  settled.set(dtype, described);
  return undefined;
}

/** Why something must not be put into a dict by now: NumPy keeps the very dict of fields that it is given. */
export function fieldsProblem(dict: PickleDict): string | undefined {
  return kept.has(dict) ? problem : undefined;
}

const kept = new WeakSet<PickleDict>();

/** What is known of types whose states were looked at: NumPy writes none without a state. */
const settled = new WeakMap<PickleObject, ElementType>();

/** A type by its code alone: `<f4`, `|O8`, `V12`. */
function namedType(code: PickleValue | undefined): ElementType | undefined {
  const [, kind, digits = ''] = (typeof code === 'string' && /^[<>|=]?([A-Za-z?])(\d{0,9})$/.exec(code)) || [];
  if (kind === undefined) return undefined;
  // An address, whatever the number behind it says.
  if (kind === 'O') return { bytes: 8, holdsObjects: true };
  return { bytes: Number(digits || (kind === '?' ? 1 : 8)) * (kind === 'U' ? 4 : 1), holdsObjects: false };
}

/** Elements of record arrays have a class of their own, and no size before the state says it. */
function isRecord(code: PickleValue | undefined): boolean {
  return code instanceof GlobalReference && /^numpy\.(?:rec\.)?record$/.test(code.path);
}

function recordOf(state: PickleValue): ElementType | undefined {
  const bytes = state instanceof PickleTuple ? state.items[5] : undefined;
  return typeof bytes === 'number' && bytes >= 0 ? { bytes, holdsObjects: false } : undefined;
}

function typeOf(value: PickleValue | undefined): ElementType | undefined {
  return value instanceof PickleObject ? settled.get(value) : undefined;
}

/** (version, byte order, (type, shape), names, fields, bytes, alignment, flags[, metadata]), see `arraydescr_reduce`. */
function describedType(named: ElementType | undefined, state: PickleValue): ElementType | undefined {
  if (named === undefined || !(state instanceof PickleTuple)) return undefined;
  const [version, , subarray, names, fields, bytes, , flags] = state.items;
  const isPlain = subarray === null && names === null && fields === null;
  const type = isPlain ? named : joined(named.bytes, subarray, fields);
  if (type === undefined || (bytes !== -1 && bytes !== type.bytes)) return undefined;
  // Before version 3 there are no flags, nor records in anything that people still have.
  if (version === 1 || version === 2) return isPlain && flags === undefined ? type : undefined;
  if ((version !== 3 && version !== 4) || typeof flags !== 'number') return undefined;
  const wanted = type.holdsObjects ? flag.refcount | flag.listPickle : 0;
  const seen = flags & (type.holdsObjects ? wanted : flag.refcount | flag.listPickle | flag.pointer);
  return seen === wanted ? type : undefined;
}

/** A type made of others, of so many bytes. */
function joined(bytes: number, subarray: PickleValue, fields: PickleValue): ElementType | undefined {
  if (subarray instanceof PickleTuple) {
    const [of, shape] = subarray.items;
    const element = typeOf(of);
    const sizes = shape instanceof PickleTuple ? shape.items : [shape];
    const count = sizes.reduce<number>((product, size) => product * (typeof size === 'number' ? size : NaN), 1);
    return element !== undefined && element.bytes * count === bytes ? { ...element, bytes } : undefined;
  }
  if (!(fields instanceof PickleDict) || fields.entries.length > mostFields) return undefined;
  const places: Place[] = [];
  for (const [, field] of fields.entries) {
    const [of, start] = field instanceof PickleTuple ? field.items : [];
    const type = typeOf(of);
    if (type === undefined || typeof start !== 'number' || !(start >= 0 && start + type.bytes <= bytes))
      return undefined;
    if (type.bytes > 0) places.push({ start, end: start + type.bytes, type });
  }
  const holdsObjects = places.some(({ type }) => type.holdsObjects);
  return holdsObjects && overlap(places) ? undefined : { bytes, holdsObjects };
}

interface Place {
  readonly start: number;
  readonly end: number;
  readonly type: ElementType;
}

/** Whether fields share bytes. The same field may be there by its title as well. */
function overlap(places: readonly Place[]): boolean {
  const ordered = [...places].sort((a, b) => a.start - b.start || a.end - b.end);
  return ordered.some((place, i) => {
    if (i === 0) return false;
    const before = ordered[i - 1];
    return place.start < before.end && !(place.start === before.start && place.type === before.type);
  });
}
