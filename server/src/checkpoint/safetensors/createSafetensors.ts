import { encodeElements } from '../dtypes';
import type { NewTensor } from '../newTensor';
import { requireConsistent } from '../newTensor';
import { newHeader } from './newHeader';

/**
 * A safetensors file of `tensors`, wide element types first so that each is aligned, with text `metadata`. Throws
 * RangeError for inconsistent tensors.
 */
export function createSafetensors(
  tensors: readonly NewTensor[],
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  requireConsistent(tensors);
  const header = newHeader(tensors, metadata);
  const bytes = new Uint8Array(header.fileSize);
  bytes.set(header.bytes);
  let at = header.bytes.length;
  for (const tensor of header.ordered) {
    const data = encodeElements(tensor.values, tensor.dtype);
    bytes.set(data, at);
    at += data.length;
  }
  return bytes;
}
