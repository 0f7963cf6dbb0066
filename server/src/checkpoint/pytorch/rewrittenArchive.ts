import { CheckpointError } from '../checkpoint';
import type { ZipArchive, ZipEntry } from '../zip/archive';
import { defaultAlignment, writeZip } from '../zip/writeZip';
import type { PyTorchArchive } from './archive';

/**
 * The archive with other bytes in some entries: names, their order and all other entries stay.
 *
 * @throws CheckpointError where an entry cannot be read, so that it could not be kept either
 */
export function rewrittenArchive(
  { zip, folder }: Pick<PyTorchArchive, 'zip' | 'folder'>,
  replaced: ReadonlyMap<ZipEntry, Uint8Array>,
  file: string,
): Uint8Array {
  const unread = zip.entries.find((entry) => entry.fault !== undefined);
  if (unread?.fault !== undefined) throw new CheckpointError(file, unread.fault, undefined, unread.name);
  const entries = zip.entries.map((entry) => ({ name: entry.name, data: replaced.get(entry) ?? entry.data }));
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
