import { CheckpointError } from '../checkpoint';
import { ReplacedBytes, requireKnownNames } from '../replacedBytes';
import type { ZipArchive, ZipEntry } from '../zip/archive';
import { defaultAlignment, writeZip } from '../zip/writeZip';
import { openPyTorchArchive } from './archive';

/** Rewrites a PyTorch checkpoint: the bytes of replaced tensors change, every other entry stays as it is. Throws CheckpointError. */
export function rewritePyTorch(
  bytes: Uint8Array,
  file: string,
  replacements: ReadonlyMap<string, ArrayLike<number>>,
): Uint8Array {
  const { zip, folder, tensors } = openPyTorchArchive(bytes, file);
  requireKnownNames(replacements, tensors, file);
  const storages = new Map<ZipEntry, ReplacedBytes>();
  for (const [name, values] of replacements) {
    const tensor = tensors.get(name);
    if (tensor === undefined) continue;
    const storage = storages.get(tensor.entry) ?? new ReplacedBytes(tensor.entry.data, file);
    storages.set(tensor.entry, storage);
    storage.replace(name, tensor.view, values);
  }
  for (const [name, { entry, view }] of tensors) {
    if (!replacements.has(name)) storages.get(entry)?.requireUnchanged(name, view);
  }
  const unread = zip.entries.find((entry) => entry.fault !== undefined);
  if (unread?.fault !== undefined) throw new CheckpointError(file, unread.fault, undefined, unread.name);
  const entries = zip.entries.map((entry) => ({ name: entry.name, data: storages.get(entry)?.bytes ?? entry.data }));
  try {
    return writeZip(entries, alignmentOf(zip, folder));
  } catch (error) {
    if (error instanceof RangeError) throw new CheckpointError(file, error.message);
    throw error;
  }
}

/** PyTorch 2.7 and later write down their alignment in bytes. */
function alignmentOf(zip: ZipArchive, folder: string): number {
  const entry = zip.entries.find(({ name }) => name === `${folder}/.storage_alignment`);
  const alignment = entry === undefined ? NaN : Number(new TextDecoder().decode(entry.data.subarray(0, 8)));
  const usable = Number.isInteger(Math.log2(alignment)) && alignment >= defaultAlignment && alignment <= 1 << 14;
  return usable ? alignment : defaultAlignment;
}
