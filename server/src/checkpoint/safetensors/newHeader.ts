import type { DType } from '../checkpoint';
import { elementSize } from '../dtypes';
import { elementCount } from '../stridedView';
import { safetensorsDTypes } from './header';

export interface DescribedTensor {
  readonly name: string;
  readonly dtype: DType;
  readonly shape: readonly number[];
}

export interface NewHeader<T extends DescribedTensor> {
  /** The file's first bytes: length, JSON, padding. */
  readonly bytes: Uint8Array;
  /** In the order in which their bytes follow. */
  readonly ordered: readonly T[];
  /** Bytes of the whole file. */
  readonly fileSize: number;
}

/**
 * The header of a safetensors file of `tensors`, wide element types first so that each is aligned, with text
 * `metadata`. Throws RangeError for names that the format cannot hold.
 */
export function newHeader<T extends DescribedTensor>(
  tensors: readonly T[],
  metadata: Readonly<Record<string, string>>,
): NewHeader<T> {
  for (const name of [...tensors.map((tensor) => tensor.name), ...Object.keys(metadata)]) {
    // A lone surrogate has no UTF-8, and the format's own readers refuse what JSON has instead.
    if (/\p{Surrogate}/u.test(name)) throw new RangeError(`${JSON.stringify(name)} cannot be written in UTF-8`);
    if (name === '__metadata__') throw new RangeError('no tensor can be named __metadata__');
  }
  const ordered = [...tensors].sort((a, b) => elementSize[b.dtype] - elementSize[a.dtype]);
  // Entries rather than an object literal: a tensor may have any name, `__proto__` too.
  const header: [string, unknown][] = Object.keys(metadata).length > 0 ? [['__metadata__', metadata]] : [];
  let end = 0;
  for (const { name, dtype, shape } of ordered) {
    const start = end;
    end += elementCount(shape) * elementSize[dtype];
    header.push([name, { dtype: typeName(dtype), shape, data_offsets: [start, end] }]);
  }
  const json = new TextEncoder().encode(JSON.stringify(Object.fromEntries(header)));
  const headerSize = Math.ceil(json.length / 8) * 8;
  const bytes = new Uint8Array(8 + headerSize).fill(' '.charCodeAt(0));
  new DataView(bytes.buffer).setBigUint64(0, BigInt(headerSize), true);
  bytes.set(json, 8);
  return { bytes, ordered, fileSize: bytes.length + end };
}

function typeName(dtype: DType): string {
  const found = Object.entries(safetensorsDTypes).find(([, type]) => type === dtype);
  if (found === undefined) throw new RangeError(`safetensors has no name for ${dtype}`);
  return found[0];
}
