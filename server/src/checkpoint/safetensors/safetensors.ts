import type { ByteSource } from '../byteSource';
import { section } from '../byteSource';
import type { CheckpointFormat, OpenCheckpoint } from '../checkpointFormat';
import { noExtras } from '../checkpointFormat';
import { ReplacedBytes, requireKnownNames } from '../replacedBytes';
import type { StridedView, ViewedTensor } from '../stridedView';
import { contiguousStride, viewedTensor } from '../stridedView';
import type { SafetensorsEntry } from './header';
import { readHeader } from './header';

/** https://github.com/huggingface/safetensors: a header in JSON, then the tensors' bytes. */
export const safetensors: CheckpointFormat = {
  id: 'safetensors',

  matches: ({ kind }) => kind === 'safetensors',

  open: (source, { file }) => openSafetensors(source, file),

  /** Header and other tensors stay byte for byte. */
  rewrite(bytes, replacements, { file }) {
    const entries = new Map(readHeader(bytes, file).entries.map((entry) => [entry.name, entry]));
    requireKnownNames(replacements, entries, file);
    const replaced = new ReplacedBytes(bytes, file);
    for (const [name, values] of replacements) {
      const entry = entries.get(name);
      if (entry !== undefined) replaced.replace(name, entryView(entry), values);
    }
    return { bytes: replaced.bytes, beside: new Map() };
  },
};

function openSafetensors(source: ByteSource, file: string): OpenCheckpoint {
  const { entries, metadata, unread } = readHeader(source, file);
  const tensors = new Map<string, ViewedTensor>();
  for (const entry of entries) {
    const { name, start, end } = entry;
    // Of its own, so that no tensor shares memory with another.
    const storage = section(source, start, end);
    tensors.set(name, viewedTensor(name, { ...entryView(entry), byteOffset: 0 }, storage));
  }
  return {
    format: 'safetensors',
    tensors,
    unread,
    wrapper: '',
    globals: [],
    anomalies: [],
    metadata,
    extras: noExtras,
  };
}

/** A tensor of the format as a view of the whole file. */
function entryView({ dtype, shape, start }: SafetensorsEntry): StridedView {
  return { dtype, shape, stride: contiguousStride(shape), byteOffset: start, littleEndian: true };
}
