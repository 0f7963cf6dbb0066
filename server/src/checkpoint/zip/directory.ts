/** Finds the central directory of a zip archive and lists what it says, believing nothing yet. */

import { CheckpointError } from '../checkpoint';
import type { ContainerAnomaly } from '../checkpoint';
import { limits } from '../limits';
import { in64, recordSize, signature, uint64, viewOf, zip64Extra } from './records';

/** One record of the central directory. */
export interface DirectoryRecord {
  readonly name: string;
  readonly rawName: Uint8Array;
  readonly flags: number;
  readonly method: number;
  readonly crc: number;
  readonly compressedSize: number;
  readonly size: number;
  readonly headerOffset: number;
  /** Where this record itself is. */
  readonly offset: number;
}

export interface ZipDirectory {
  readonly records: readonly DirectoryRecord[];
  readonly anomalies: readonly ContainerAnomaly[];
  /** Bytes of the directory records. */
  readonly start: number;
  readonly end: number;
  /** First byte of the end records (zip64 or plain), and the first byte after the archive. */
  readonly endRecords: number;
  readonly archiveEnd: number;
}

interface EndRecord {
  readonly entryCount: number;
  readonly directorySize: number;
  readonly directoryOffset: number;
  /** First byte of the zip64 end record where there is one, else of the end record. */
  readonly start: number;
  /** Whether a zip64 end record says otherwise than the plain one. */
  readonly contradicted: boolean;
  /** What must be added to all offsets, as bytes were put before the archive. */
  readonly shift: number;
}

/** Position of the last end-of-directory record, or -1. Loaders search the same window, from the end. */
function findEndRecord(bytes: Uint8Array, before = bytes.length): number {
  const view = viewOf(bytes);
  const lowest = Math.max(0, bytes.length - recordSize.end - 0xffff);
  for (let at = Math.min(before - 1, bytes.length - recordSize.end); at >= lowest; at--) {
    if (bytes[at] === 0x50 && view.getUint32(at, true) === signature.end) return at;
  }
  return -1;
}

/** Reads the directory. Throws CheckpointError where there is none or it runs out of the file. */
export function readDirectory(bytes: Uint8Array, file: string): ZipDirectory {
  const endAt = findEndRecord(bytes);
  if (endAt < 0) {
    throw new CheckpointError(file, 'the zip archive has no central directory: the file is truncated or damaged');
  }
  const view = viewOf(bytes);
  const anomalies: ContainerAnomaly[] = [];
  const end = locateDirectory(bytes, readEndRecord(bytes, endAt));
  const directoryEnd = end.directoryOffset + end.directorySize;
  if (!(directoryEnd <= end.start)) {
    throw new CheckpointError(file, 'the central directory reaches past its end record', endAt);
  }
  if (directoryEnd !== end.start) {
    anomalies.push({
      offset: end.directoryOffset,
      reason: 'the central directory is not where its end record says: readers disagree on which entries exist',
    });
  }
  if (end.shift !== 0) {
    anomalies.push({
      offset: end.directoryOffset,
      reason: `its offsets are ${end.shift} bytes off, as if those had been put before the archive: PyTorch cannot open it`,
    });
  }
  const commentEnd = endAt + recordSize.end + view.getUint16(endAt + 20, true);
  if (commentEnd > bytes.length) {
    anomalies.push({ offset: endAt, reason: 'the archive comment runs past the end of the file' });
  }
  if (end.contradicted) {
    anomalies.push({ offset: endAt, reason: 'the zip64 end record contradicts the plain one' });
  }
  if (hasDirectory(bytes, endAt)) {
    anomalies.push({ offset: endAt, reason: 'a second end record leads to a second list of entries' });
  }
  if (end.entryCount > limits.zipEntries) {
    throw new CheckpointError(file, `the archive claims ${end.entryCount} entries, more than are read`, endAt);
  }
  return {
    records: readRecords(bytes, file, end),
    anomalies,
    start: end.directoryOffset,
    end: directoryEnd,
    endRecords: end.start,
    archiveEnd: Math.min(commentEnd, bytes.length),
  };
}

/** Whether an end record that starts before `before` leads to a list of entries; chance matches in weights do not. */
export function hasDirectory(bytes: Uint8Array, before = bytes.length): boolean {
  for (let at = findEndRecord(bytes, before); at >= 0; at = findEndRecord(bytes, at)) {
    const { entryCount, directoryOffset } = locateDirectory(bytes, readEndRecord(bytes, at));
    if (entryCount > 0 && directoryOffset < at && isRecord(bytes, directoryOffset)) return true;
  }
  return false;
}

function isRecord(bytes: Uint8Array, at: number): boolean {
  return at >= 0 && at + 4 <= bytes.length && viewOf(bytes).getUint32(at, true) === signature.centralHeader;
}

function readEndRecord(bytes: Uint8Array, at: number): EndRecord {
  const view = viewOf(bytes);
  const plain = [view.getUint16(at + 10, true), view.getUint32(at + 12, true), view.getUint32(at + 16, true)];
  const locator = at - recordSize.zip64Locator;
  if (locator >= 0 && view.getUint32(locator, true) === signature.zip64Locator) {
    // Where bytes were put before the archive, the record is not at its offset but right before the locator.
    const start = [uint64(view, locator + 8), locator - recordSize.zip64End].find(
      (from) => from >= 0 && from + recordSize.zip64End <= locator && view.getUint32(from, true) === signature.zip64End,
    );
    if (start !== undefined) {
      const wide = [uint64(view, start + 32), uint64(view, start + 40), uint64(view, start + 48)];
      const elsewhere = [0xffff, in64, in64];
      const contradicted = plain.some((value, i) => value !== wide[i] && value !== elsewhere[i]);
      return { entryCount: wide[0], directorySize: wide[1], directoryOffset: wide[2], start, contradicted, shift: 0 };
    }
  }
  return {
    entryCount: plain[0],
    directorySize: plain[1],
    directoryOffset: plain[2],
    start: at,
    contradicted: false,
    shift: 0,
  };
}

/** Where the directory is not at its offset but right before the end records, it is there, as Python's `zipfile` has it. */
function locateDirectory(bytes: Uint8Array, end: EndRecord): EndRecord {
  const directoryOffset = end.start - end.directorySize;
  const moved = directoryOffset > end.directoryOffset && isRecord(bytes, directoryOffset);
  if (!moved || isRecord(bytes, end.directoryOffset)) return end;
  return { ...end, directoryOffset, shift: directoryOffset - end.directoryOffset };
}

function readRecords(bytes: Uint8Array, file: string, end: EndRecord): DirectoryRecord[] {
  const view = viewOf(bytes);
  const records: DirectoryRecord[] = [];
  let at = end.directoryOffset;
  for (let i = 0; i < end.entryCount; i++) {
    const fixedEnd = at + recordSize.centralHeader;
    if (fixedEnd > end.start || view.getUint32(at, true) !== signature.centralHeader) {
      throw new CheckpointError(file, `record ${i + 1} of the central directory is damaged`, at);
    }
    const nameEnd = fixedEnd + view.getUint16(at + 28, true);
    const extraEnd = nameEnd + view.getUint16(at + 30, true);
    const next = extraEnd + view.getUint16(at + 32, true);
    if (next > end.start) {
      throw new CheckpointError(file, `record ${i + 1} of the central directory is cut off`, at);
    }
    const rawName = bytes.subarray(fixedEnd, nameEnd);
    const [size, compressedSize, headerOffset] = wideFields(view, nameEnd, extraEnd, [
      view.getUint32(at + 24, true),
      view.getUint32(at + 20, true),
      view.getUint32(at + 42, true),
    ]);
    records.push({
      name: decodeName(rawName),
      rawName,
      flags: view.getUint16(at + 8, true),
      method: view.getUint16(at + 10, true),
      crc: view.getUint32(at + 16, true),
      compressedSize,
      size,
      headerOffset: headerOffset + end.shift,
      offset: at,
    });
    at = next;
  }
  return records;
}

/** Replaces each 32-bit field that says so by the next value of the zip64 extra field, in the order given. */
export function wideFields(view: DataView, extraStart: number, extraEnd: number, fields: number[]): number[] {
  let at = extraStart;
  while (at + 4 <= extraEnd) {
    const id = view.getUint16(at, true);
    const dataEnd = Math.min(at + 4 + view.getUint16(at + 2, true), extraEnd);
    if (id === zip64Extra) {
      let value = at + 4;
      return fields.map((field) => {
        if (field !== in64 || value + 8 > dataEnd) return field;
        value += 8;
        return uint64(view, value - 8);
      });
    }
    at = dataEnd;
  }
  return fields;
}

function decodeName(rawName: Uint8Array): string {
  return new TextDecoder('utf-8').decode(rawName);
}
