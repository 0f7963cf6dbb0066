import type { Checkpoint, Tensor } from '../checkpoint';
import { contiguousStride, viewedTensor } from '../stridedView';
import type { StridedView } from '../stridedView';
import type { SafetensorsEntry } from './header';
import { readHeader } from './header';

/** Reads a safetensors file. Throws CheckpointError. */
export function readSafetensors(bytes: Uint8Array, file: string): Checkpoint {
  const { entries, metadata } = readHeader(bytes, file);
  const tensors = new Map<string, Tensor>();
  for (const entry of entries) tensors.set(entry.name, viewedTensor(entry.name, entryView(entry), bytes));
  return { format: 'safetensors', tensors, wrapper: '', globals: [], anomalies: [], metadata };
}

/** A tensor of the format as a view of the whole file. */
export function entryView({ dtype, shape, start }: SafetensorsEntry): StridedView {
  return { dtype, shape, stride: contiguousStride(shape), byteOffset: start, littleEndian: true };
}
