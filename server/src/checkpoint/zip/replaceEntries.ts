/** Other contents for some entries of a zip archive; every other byte is kept. */

import { deflateRawSync } from 'node:zlib';
import { CheckpointError } from '../checkpoint';
import { crc32 } from './crc32';
import type { DirectoryRecord } from './directory';
import { readDirectory } from './directory';
import { flag, in64, method, recordSize, signature, viewOf, zip64Extra } from './records';

/**
 * A copy of the archive in `bytes` in which the entries named in `contents` hold what is given there: stored ones
 * stored, deflated ones deflated anew. Names, order, dates, comments and extra fields stay.
 *
 * @throws CheckpointError where the archive cannot be read, an entry is not there or there twice, entries lie otherwise
 *   than one after another before the directory, or the archive would outgrow its 32-bit fields
 */
export function replaceEntries(bytes: Uint8Array, contents: ReadonlyMap<string, Uint8Array>, file: string): Uint8Array {
  const directory = readDirectory(bytes, file);
  const fail = (reason: string, entry?: string) => new CheckpointError(file, reason, undefined, entry);
  for (const name of contents.keys()) {
    const count = directory.records.filter((record) => record.name === name).length;
    if (count !== 1) throw fail(`there are ${count} entries of this name to replace`, name);
  }
  const parts: Uint8Array[] = [];
  /** For each record of the directory: what it has to say now. */
  const changes = new Map<DirectoryRecord, Change>();
  let copied = 0;
  let shift = 0;
  for (const record of [...directory.records].sort((a, b) => a.headerOffset - b.headerOffset)) {
    const content = contents.get(record.name);
    if (record.headerOffset < copied) throw fail('its bytes overlap another entry', record.name);
    changes.set(record, { shift });
    if (content === undefined) continue;
    if (record.headerOffset + recordSize.localHeader > directory.start) throw fail('it has no bytes', record.name);
    const nameAt = record.headerOffset + recordSize.localHeader;
    const fixed = viewOf(bytes.subarray(record.headerOffset, nameAt));
    const dataAt = nameAt + fixed.getUint16(26, true) + fixed.getUint16(28, true);
    const end = dataAt + record.compressedSize;
    if (end > directory.start) throw fail('its bytes run past the end of the entries', record.name);
    const packed = pack(content, record, fail);
    const change = { shift, crc: crc32(content), size: content.length, packedSize: packed.length };
    const header = Uint8Array.from(bytes.subarray(record.headerOffset, dataAt));
    patchSizes(header, localFields, change, record.name, fail);
    parts.push(bytes.subarray(copied, record.headerOffset), header, packed);
    changes.set(record, change);
    copied = end + descriptorLength(bytes, record, fixed, end);
    shift += packed.length - (copied - dataAt);
  }
  if (copied > directory.start) throw fail('its entries reach into the directory');
  // Whatever lies between the records stays between them: the directory says how long it is.
  const central = Uint8Array.from(bytes.subarray(directory.start, directory.endRecords));
  for (const [record, change] of changes) changeRecord(central, directory.start, record, change, fail);
  parts.push(bytes.subarray(copied, directory.start), central, endRecords(bytes, directory, shift, fail));
  return Buffer.concat(parts);
}

/** What became of an entry: how far it moved and, where it was replaced, what it holds. */
interface Change {
  readonly shift: number;
  readonly crc?: number;
  readonly size?: number;
  readonly packedSize?: number;
}

type Fail = (reason: string, entry?: string) => CheckpointError;

function pack(content: Uint8Array, record: DirectoryRecord, fail: Fail): Uint8Array {
  if ((record.flags & (flag.encrypted | flag.strongEncryption)) !== 0) throw fail('it is encrypted', record.name);
  if (record.method === method.stored) return content;
  if (record.method === method.deflated) return deflateRawSync(content);
  throw fail(`its compression method ${record.method} is not written`, record.name);
}

/** Bytes of the data descriptor behind an entry: sizes that were not known when its header was written. */
function descriptorLength(bytes: Uint8Array, record: DirectoryRecord, fixed: DataView, at: number): number {
  if ((fixed.getUint16(6, true) & flag.descriptor) === 0) return 0;
  const view = viewOf(bytes.subarray(at, at + 24));
  const signed = view.byteLength >= 4 && view.getUint32(0, true) === signature.descriptor ? 4 : 0;
  // Sizes of 8 bytes show by the zeros above those of 4.
  const is64 =
    view.byteLength >= signed + 20 &&
    view.getUint32(signed + 4, true) === record.compressedSize &&
    view.getBigUint64(signed + 12, true) === BigInt(record.size);
  return Math.min(signed + (is64 ? 20 : 12), bytes.length - at);
}

/** Where a header has its flags, CRC and name length, behind its signature. */
interface HeaderFields {
  readonly flags: number;
  readonly crc: number;
  readonly nameLength: number;
  readonly size: number;
}
const localFields: HeaderFields = { flags: 6, crc: 14, nameLength: 26, size: recordSize.localHeader };
const centralFields: HeaderFields = { flags: 8, crc: 16, nameLength: 28, size: recordSize.centralHeader };

/** Writes CRC and sizes into a header, which then needs no data descriptor. */
function patchSizes(header: Uint8Array, fields: HeaderFields, change: Change, name: string, fail: Fail): void {
  const { crc = 0, size = 0, packedSize = 0 } = change;
  const view = viewOf(header);
  const wide = wideOffsets(view, fields);
  view.setUint16(fields.flags, view.getUint16(fields.flags, true) & ~flag.descriptor, true);
  view.setUint32(fields.crc, crc, true);
  for (const [at, value] of [
    [fields.crc + 8, size],
    [fields.crc + 4, packedSize],
  ]) {
    const wideAt = wide.get(at);
    if (wideAt !== undefined) view.setBigUint64(wideAt, BigInt(value), true);
    else if (value < in64) view.setUint32(at, value, true);
    else throw fail('it becomes larger than its header can say', name);
  }
}

/** For each 32-bit field that says so, where its 64-bit value is in the zip64 extra field. */
function wideOffsets(view: DataView, fields: HeaderFields): Map<number, number> {
  const found = new Map<number, number>();
  const candidates = [fields.crc + 8, fields.crc + 4, ...(fields === centralFields ? [42] : [])];
  let at = fields.size + view.getUint16(fields.nameLength, true);
  const end = Math.min(at + view.getUint16(fields.nameLength + 2, true), view.byteLength);
  while (at + 4 <= end) {
    const next = at + 4 + view.getUint16(at + 2, true);
    if (view.getUint16(at, true) === zip64Extra) {
      let value = at + 4;
      for (const field of candidates) {
        if (view.getUint32(field, true) !== in64 || value + 8 > Math.min(next, end)) continue;
        found.set(field, value);
        value += 8;
      }
      return found;
    }
    at = next;
  }
  return found;
}

/** Patches a record of the directory, which starts at byte `start` of the file. */
function changeRecord(central: Uint8Array, start: number, record: DirectoryRecord, change: Change, fail: Fail): void {
  const bytes = central.subarray(record.offset - start);
  if (change.size !== undefined) patchSizes(bytes, centralFields, change, record.name, fail);
  const view = viewOf(bytes);
  moveOffset(view, 42, wideOffsets(view, centralFields).get(42), change.shift, fail);
}

/** Adds `shift` to the offset at byte `at`, or to its 64-bit value at `wideAt`. */
function moveOffset(view: DataView, at: number, wideAt: number | undefined, shift: number, fail: Fail): void {
  if (wideAt !== undefined) {
    view.setBigUint64(wideAt, view.getBigUint64(wideAt, true) + BigInt(shift), true);
    return;
  }
  const moved = view.getUint32(at, true) + shift;
  if (!(moved >= 0 && moved < in64)) throw fail('the archive becomes larger than its end record can say');
  view.setUint32(at, moved, true);
}

/** The end records with the directory's new place: zip64 ones where there are some, and the plain one. */
function endRecords(
  bytes: Uint8Array,
  { endRecords: start, archiveEnd }: { endRecords: number; archiveEnd: number },
  shift: number,
  fail: Fail,
): Uint8Array {
  const copy = Uint8Array.from(bytes.subarray(start));
  const view = viewOf(copy);
  let end = 0;
  if (view.getUint32(0, true) === signature.zip64End) {
    moveOffset(view, 0, 48, shift, fail);
    end = copy.subarray(0, archiveEnd - start).findIndex((_, at) => isEnd(view, at));
    moveOffset(view, 0, end - recordSize.zip64Locator + 8, shift, fail);
  }
  if (view.getUint32(end + 16, true) !== in64) moveOffset(view, end + 16, undefined, shift, fail);
  return copy;
}

function isEnd(view: DataView, at: number): boolean {
  return at + recordSize.end <= view.byteLength && view.getUint32(at, true) === signature.end;
}
