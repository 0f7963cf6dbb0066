import type { ByteSource } from '../byteSource';
import { section } from '../byteSource';
import type { Checkpoint } from '../checkpoint';
import { contiguousStride, viewedTensor } from '../stridedView';
import type { StridedView, ViewedTensor } from '../stridedView';
import type { SafetensorsEntry } from './header';
import { readHeader } from './header';

/** Reads a safetensors file: its header now, its tensors when they are asked for. Throws CheckpointError. */
export function readSafetensors(
  source: ByteSource,
  file: string,
): Checkpoint & { readonly tensors: ReadonlyMap<string, ViewedTensor> } {
  const { entries, metadata } = readHeader(source, file);
  const tensors = new Map<string, ViewedTensor>();
  for (const entry of entries) {
    const { name, start, end } = entry;
    // Of its own, so that no tensor shares memory with another.
    const storage = section(source, start, end);
    tensors.set(name, viewedTensor(name, { ...entryView(entry), byteOffset: 0 }, storage));
  }
  return { format: 'safetensors', tensors, wrapper: '', globals: [], anomalies: [], metadata };
}

/** A tensor of the format as a view of the whole file. */
export function entryView({ dtype, shape, start }: SafetensorsEntry): StridedView {
  return { dtype, shape, stride: contiguousStride(shape), byteOffset: start, littleEndian: true };
}
