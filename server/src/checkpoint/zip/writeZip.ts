/** Writes zip archives laid out as PyTorch does: nothing deflated, every entry's bytes at a multiple of 64. */

import { crc32 } from './crc32';
import { flag, in64, method, paddingExtra, recordSize, signature, viewOf } from './records';

/** PyTorch's alignment (`kFieldAlignment` in caffe2/serialize/inline_container.h). */
export const defaultAlignment = 64;

export interface NewZipEntry {
  readonly name: string;
  readonly data: Uint8Array;
}

const version = 20;
/** 1 January 1980, the first day of MS-DOS dates: the same entries give the same bytes at any time. */
const date = (1 << 5) | 1;

/**
 * An archive of `entries`, in that order. `alignment` is a power of two, in bytes. Throws RangeError past the limits of
 * plain zip (4 GiB, 65,535 entries), which no file that fits in memory here reaches.
 */
export function writeZip(entries: readonly NewZipEntry[], alignment: number = defaultAlignment): Uint8Array {
  const planned = plan(entries, alignment);
  const bytes = new Uint8Array(planned.size);
  const view = viewOf(bytes);
  for (const entry of planned.entries) {
    const { offset, padding } = entry;
    view.setUint32(offset, signature.localHeader, true);
    writeCommonFields(view, offset + 4, entry);
    view.setUint16(offset + 28, padding, true);
    const nameEnd = offset + recordSize.localHeader + entry.rawName.length;
    bytes.set(entry.rawName, offset + recordSize.localHeader);
    view.setUint16(nameEnd, paddingExtra, true);
    view.setUint16(nameEnd + 2, padding - 4, true);
    bytes.fill('Z'.charCodeAt(0), nameEnd + 4, nameEnd + padding);
    bytes.set(entry.data, nameEnd + padding);
  }
  let at = planned.directoryOffset;
  for (const entry of planned.entries) {
    view.setUint32(at, signature.centralHeader, true);
    view.setUint16(at + 4, version, true);
    writeCommonFields(view, at + 6, entry);
    view.setUint32(at + 42, entry.offset, true);
    bytes.set(entry.rawName, at + recordSize.centralHeader);
    at += recordSize.centralHeader + entry.rawName.length;
  }
  view.setUint32(at, signature.end, true);
  view.setUint16(at + 8, entries.length, true);
  view.setUint16(at + 10, entries.length, true);
  view.setUint32(at + 12, at - planned.directoryOffset, true);
  view.setUint32(at + 16, planned.directoryOffset, true);
  return bytes;
}

interface PlannedEntry extends NewZipEntry {
  readonly rawName: Uint8Array;
  readonly offset: number;
  /** Length of the extra field of the local header. */
  readonly padding: number;
  readonly crc: number;
}

function plan(entries: readonly NewZipEntry[], alignment: number) {
  const planned: PlannedEntry[] = [];
  let offset = 0;
  let directorySize = 0;
  for (const { name, data } of entries) {
    const rawName = new TextEncoder().encode(name);
    const unpadded = offset + recordSize.localHeader + rawName.length + 4;
    const padding = 4 + ((alignment - (unpadded % alignment)) % alignment);
    planned.push({ name, data, rawName, offset, padding, crc: crc32(data) });
    offset += recordSize.localHeader + rawName.length + padding + data.length;
    directorySize += recordSize.centralHeader + rawName.length;
  }
  const size = offset + directorySize + recordSize.end;
  if (size > in64 || entries.length > 0xffff) throw new RangeError('the archive is too large to be written');
  return { entries: planned, directoryOffset: offset, size };
}

/** Fields that local and central headers share, from "version needed" to the name length. */
function writeCommonFields(view: DataView, at: number, entry: PlannedEntry): void {
  view.setUint16(at, version, true);
  view.setUint16(at + 2, flag.utf8, true);
  view.setUint16(at + 4, method.stored, true);
  view.setUint16(at + 8, date, true);
  view.setUint32(at + 10, entry.crc, true);
  view.setUint32(at + 14, entry.data.length, true);
  view.setUint32(at + 18, entry.data.length, true);
  view.setUint16(at + 22, entry.rawName.length, true);
}
