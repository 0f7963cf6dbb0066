/** Finds the central directory of a zip archive and lists what it says, believing nothing yet. */

import type { ByteSource } from '../byteSource';
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
  /** Whether it lies where its locator says, but not right before it, where other readers look. */
  readonly isAside: boolean;
  /** What must be added to all offsets, as bytes were put before the archive. */
  readonly shift: number;
}

/** Position of the last end-of-directory record, or -1. Loaders search the same window, from the end. */
function findEndRecord(source: ByteSource, before = source.length): number {
  const lowest = Math.max(0, source.length - recordSize.end - 0xffff);
  const tail = source.subarray(lowest, source.length);
  const view = viewOf(tail);
  for (let at = Math.min(before - 1 - lowest, tail.length - recordSize.end); at >= 0; at--) {
    if (tail[at] === 0x50 && view.getUint32(at, true) === signature.end) return lowest + at;
  }
  return -1;
}

/** Reads the directory. Throws CheckpointError where there is none or it runs out of the file. */
export function readDirectory(source: ByteSource, file: string): ZipDirectory {
  const endAt = findEndRecord(source);
  if (endAt < 0) {
    throw new CheckpointError(file, 'the zip archive has no central directory: the file is truncated or damaged');
  }
  const anomalies: ContainerAnomaly[] = [];
  const end = locateDirectory(source, readEndRecord(source, endAt));
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
  const commentEnd = endAt + recordSize.end + viewAt(source, endAt, recordSize.end).getUint16(20, true);
  if (commentEnd > source.length) {
    anomalies.push({ offset: endAt, reason: 'the archive comment runs past the end of the file' });
  }
  if (end.contradicted) {
    anomalies.push({ offset: endAt, reason: 'the zip64 end record contradicts the plain one' });
  }
  if (end.isAside) {
    const reason = 'the zip64 end record is not right before its locator: readers may take another list of entries';
    anomalies.push({ offset: end.start, reason });
  }
  if (hasDirectory(source, endAt)) {
    anomalies.push({ offset: endAt, reason: 'a second end record leads to a second list of entries' });
  }
  if (end.entryCount > limits.zipEntries) {
    throw new CheckpointError(file, `the archive claims ${end.entryCount} entries, more than are read`, endAt);
  }
  return {
    records: readRecords(source, file, end),
    anomalies,
    start: end.directoryOffset,
    end: directoryEnd,
    endRecords: end.start,
    archiveEnd: Math.min(commentEnd, source.length),
  };
}

/** Whether an end record that starts before `before` leads to a list of entries; chance matches in weights do not. */
export function hasDirectory(source: ByteSource, before = source.length): boolean {
  for (let at = findEndRecord(source, before); at >= 0; at = findEndRecord(source, at)) {
    const { entryCount, directoryOffset } = locateDirectory(source, readEndRecord(source, at));
    if (entryCount > 0 && directoryOffset < at && isRecord(source, directoryOffset)) return true;
  }
  return false;
}

/** A view of `length` bytes at `at`, all of them within the source. */
function viewAt(source: ByteSource, at: number, length: number): DataView {
  return viewOf(source.subarray(at, at + length));
}

function hasSignature(source: ByteSource, at: number, wanted: number): boolean {
  return at >= 0 && at + 4 <= source.length && viewAt(source, at, 4).getUint32(0, true) === wanted;
}

function isRecord(source: ByteSource, at: number): boolean {
  return hasSignature(source, at, signature.centralHeader);
}

function readEndRecord(source: ByteSource, at: number): EndRecord {
  const record = viewAt(source, at, recordSize.end);
  const plain = [record.getUint16(10, true), record.getUint32(12, true), record.getUint32(16, true)];
  const locator = at - recordSize.zip64Locator;
  if (hasSignature(source, locator, signature.zip64Locator)) {
    // Where bytes were put before the archive, the record is not at its offset but right before the locator.
    const offset = uint64(viewAt(source, locator, recordSize.zip64Locator), 8);
    const start = [offset, locator - recordSize.zip64End].find(
      (from) => from + recordSize.zip64End <= locator && hasSignature(source, from, signature.zip64End),
    );
    if (start !== undefined) {
      const view = viewAt(source, start, recordSize.zip64End);
      const wide = [uint64(view, 32), uint64(view, 40), uint64(view, 48)];
      const elsewhere = [0xffff, in64, in64];
      const contradicted = plain.some((value, i) => value !== wide[i] && value !== elsewhere[i]);
      const isAside = start + recordSize.zip64End !== locator;
      const [entryCount, directorySize, directoryOffset] = wide;
      return { entryCount, directorySize, directoryOffset, start, contradicted, isAside, shift: 0 };
    }
  }
  return {
    entryCount: plain[0],
    directorySize: plain[1],
    directoryOffset: plain[2],
    start: at,
    contradicted: false,
    isAside: false,
    shift: 0,
  };
}

/** Where the directory is not at its offset but right before the end records, it is there, as Python's `zipfile` has it. */
function locateDirectory(source: ByteSource, end: EndRecord): EndRecord {
  const directoryOffset = end.start - end.directorySize;
  const moved = directoryOffset > end.directoryOffset && isRecord(source, directoryOffset);
  if (!moved || isRecord(source, end.directoryOffset)) return end;
  return { ...end, directoryOffset, shift: directoryOffset - end.directoryOffset };
}

function readRecords(source: ByteSource, file: string, end: EndRecord): DirectoryRecord[] {
  const records: DirectoryRecord[] = [];
  let at = end.directoryOffset;
  for (let i = 0; i < end.entryCount; i++) {
    if (at + recordSize.centralHeader > end.start || !isRecord(source, at)) {
      throw new CheckpointError(file, `record ${i + 1} of the central directory is damaged`, at);
    }
    const fixed = viewAt(source, at, recordSize.centralHeader);
    const nameEnd = recordSize.centralHeader + fixed.getUint16(28, true);
    const extraEnd = nameEnd + fixed.getUint16(30, true);
    const next = at + extraEnd + fixed.getUint16(32, true);
    if (next > end.start) {
      throw new CheckpointError(file, `record ${i + 1} of the central directory is cut off`, at);
    }
    const record = source.subarray(at, at + extraEnd);
    const view = viewOf(record);
    const rawName = record.subarray(recordSize.centralHeader, nameEnd);
    const [size, compressedSize, headerOffset] = wideFields(view, nameEnd, extraEnd, [
      view.getUint32(24, true),
      view.getUint32(20, true),
      view.getUint32(42, true),
    ]);
    records.push({
      name: decodeName(rawName),
      rawName,
      flags: view.getUint16(8, true),
      method: view.getUint16(10, true),
      crc: view.getUint32(16, true),
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
