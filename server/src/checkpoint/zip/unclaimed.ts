/** Accounts for every byte of a zip file. */

import type { ByteSource } from '../byteSource';
import type { ByteRange, ZipEntry } from './archive';
import type { ZipDirectory } from './directory';
import { signature, viewOf } from './records';

/** Bytes of no entry or zip record (ranges of zeros are padding), and names of entries that share bytes with others. */
export function findUnclaimed(
  source: ByteSource,
  entries: readonly ZipEntry[],
  directory: ZipDirectory,
): { unclaimed: ByteRange[]; overlapping: string[] } {
  const claims: (ByteRange & { readonly name?: string })[] = entries.map(({ name, range, hasDescriptor }) => ({
    name,
    start: range.start,
    end: hasDescriptor ? descriptorEnd(source, range.end) : range.end,
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
  if (covered < source.length) addGap(covered, source.length);
  return { unclaimed, overlapping };

  function addGap(start: number, end: number): void {
    if (!isZero(source, start, end)) unclaimed.push({ start, end });
  }
}

/** Bytes looked at in one go. */
const step = 1 << 20;

function isZero(source: ByteSource, start: number, end: number): boolean {
  for (let at = start; at < end; at += step) {
    if (source.subarray(at, Math.min(at + step, end)).some((byte) => byte !== 0)) return false;
  }
  return true;
}

/** End of the data descriptor at `at`: optional signature, CRC, two sizes of 4 or 8 bytes. */
function descriptorEnd(source: ByteSource, at: number): number {
  if (at + 16 > source.length) return at;
  const view = viewOf(source.subarray(at, at + 28));
  const withSignature = view.getUint32(0, true) === signature.descriptor;
  for (const size of withSignature ? [16, 24] : [12, 20]) {
    if (size + 4 > view.byteLength) break;
    const next = view.getUint32(size, true);
    if (next === signature.localHeader || next === signature.centralHeader) return at + size;
  }
  return at + (withSignature ? 16 : 0);
}
