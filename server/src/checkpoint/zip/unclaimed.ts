/** Accounts for every byte of a zip file. */

import type { ByteRange, ZipEntry } from './archive';
import type { ZipDirectory } from './directory';
import { signature, viewOf } from './records';

/** Bytes of no entry or zip record (ranges of zeros are padding), and names of entries that share bytes with others. */
export function findUnclaimed(
  bytes: Uint8Array,
  entries: readonly ZipEntry[],
  directory: ZipDirectory,
): { unclaimed: ByteRange[]; overlapping: string[] } {
  const claims: (ByteRange & { readonly name?: string })[] = entries.map(({ name, range, hasDescriptor }) => ({
    name,
    start: range.start,
    end: hasDescriptor ? descriptorEnd(bytes, range.end) : range.end,
  }));
  claims.push({ start: directory.start, end: directory.end });
  claims.push({ start: directory.endRecords, end: directory.archiveEnd });
  claims.sort((a, b) => a.start - b.start);

  const unclaimed: ByteRange[] = [];
  const overlapping: string[] = [];
  let covered = 0;
  for (const { start, end, name } of claims) {
    // A missing entry has an empty range, which may lie anywhere.
    if (end <= start) continue;
    if (start > covered) addGap(covered, start);
    if (start < covered && name !== undefined) overlapping.push(name);
    covered = Math.max(covered, end);
  }
  if (covered < bytes.length) addGap(covered, bytes.length);
  return { unclaimed, overlapping };

  function addGap(start: number, end: number): void {
    if (bytes.subarray(start, end).some((byte) => byte !== 0)) unclaimed.push({ start, end });
  }
}

/** End of the data descriptor at `at`: optional signature, CRC, two sizes of 4 or 8 bytes. */
function descriptorEnd(bytes: Uint8Array, at: number): number {
  if (at + 16 > bytes.length) return at;
  const view = viewOf(bytes);
  const withSignature = view.getUint32(at, true) === signature.descriptor;
  for (const size of withSignature ? [16, 24] : [12, 20]) {
    if (at + size + 4 > bytes.length) break;
    const next = view.getUint32(at + size, true);
    if (next === signature.localHeader || next === signature.centralHeader) return at + size;
  }
  return at + (withSignature ? 16 : 0);
}
