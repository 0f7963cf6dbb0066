import { elementSize, encodeElements } from '../dtypes';
import type { NewTensor } from '../newTensor';
import { requireConsistent } from '../newTensor';
import { safetensorsDTypes } from './header';

/**
 * A safetensors file of `tensors`, wide element types first so that each is aligned, with text `metadata`. Throws
 * RangeError for inconsistent tensors.
 */
export function createSafetensors(
  tensors: readonly NewTensor[],
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  requireConsistent(tensors);
  if (tensors.some(({ name }) => name === '__metadata__')) throw new RangeError('no tensor can be named __metadata__');
  const ordered = [...tensors].sort((a, b) => elementSize[b.dtype] - elementSize[a.dtype]);
  // Entries rather than an object literal: a tensor may have any name, `__proto__` too.
  const header: [string, unknown][] = Object.keys(metadata).length > 0 ? [['__metadata__', metadata]] : [];
  let end = 0;
  for (const { name, dtype, shape, values } of ordered) {
    const start = end;
    end += values.length * elementSize[dtype];
    header.push([name, { dtype: typeName(dtype), shape, data_offsets: [start, end] }]);
  }
  const json = new TextEncoder().encode(JSON.stringify(Object.fromEntries(header)));
  const headerSize = Math.ceil(json.length / 8) * 8;
  const bytes = new Uint8Array(8 + headerSize + end);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(headerSize), true);
  bytes.fill(' '.charCodeAt(0), 8, 8 + headerSize);
  bytes.set(json, 8);
  let at = 8 + headerSize;
  for (const tensor of ordered) {
    const data = encodeElements(tensor.values, tensor.dtype);
    bytes.set(data, at);
    at += data.length;
  }
  return bytes;
}

function typeName(dtype: NewTensor['dtype']): string {
  const found = Object.entries(safetensorsDTypes).find(([, type]) => type === dtype);
  if (found === undefined) throw new RangeError(`safetensors has no name for ${dtype}`);
  return found[0];
}
