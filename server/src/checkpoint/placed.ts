/** Tensors whose elements lie in the model file as they are: read there, and replaced in place. */

import type { ByteSource } from './byteSource';
import { section } from './byteSource';
import type { Replacements } from './checkpointFormat';
import { ReplacedBytes, requireKnownNames } from './replacedBytes';
import type { StridedView, ViewedTensor } from './stridedView';
import { viewSpan, viewedTensor } from './stridedView';

/** Tensors by name, as views of the whole file. */
export type PlacedTensors = ReadonlyMap<string, StridedView>;

/** The tensor `name` that lies in `source`, with a storage of its own: no tensor shares memory with another. */
export function placedTensor(name: string, view: StridedView, source: ByteSource): ViewedTensor {
  const { start, end } = viewSpan(view);
  return viewedTensor(name, { ...view, byteOffset: 0 }, section(source, start, end));
}

/**
 * A copy of `bytes` with other numbers in some tensors.
 *
 * @throws CheckpointError where a name is unknown, a value does not fit or tensors that share elements contradict each
 *   other
 */
export function rewriteInPlace(
  bytes: Uint8Array,
  placed: PlacedTensors,
  replacements: Replacements,
  file: string,
): Uint8Array {
  requireKnownNames(replacements, placed, file);
  const replaced = new ReplacedBytes(bytes, file);
  for (const [name, view] of placed) {
    const values = replacements.get(name);
    if (values !== undefined) replaced.replace(name, view, values);
  }
  for (const [name, view] of placed) {
    if (!replacements.has(name)) replaced.requireUnchanged(name, view);
  }
  return replaced.bytes;
}
