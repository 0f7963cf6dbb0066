/**
 * Zip archives as PyTorch's reader (miniz) and Python's `zipfile` see them, with every place where the two, or a
 * scanner, could disagree reported as an anomaly.
 */

import { inflateRawSync } from 'node:zlib';
import type { ByteSource } from '../byteSource';
import { section, wholeOf } from '../byteSource';
import type { ContainerAnomaly } from '../checkpoint';
import { limits } from '../limits';
import type { ZipArchive, ZipEntry } from './archive';
import { crc32 } from './crc32';
import type { DirectoryRecord } from './directory';
import { readDirectory, wideFields } from './directory';
import { nameAnomalies } from './names';
import { flag, method, recordSize, signature, viewOf } from './records';
import { findUnclaimed } from './unclaimed';

/** Which entries are read to compare their checksum: of those left out, nothing but headers is looked at. */
export type ChecksumRule = (name: string, size: number) => boolean;

/**
 * Reads all entries of an archive. Stored entries are sections of `source`; deflated ones are inflated within
 * `limits.inflatedTotal`. `isChecked` is by default every entry. Throws CheckpointError where the central directory cannot be read; an entry that cannot be
 * read carries its reason.
 */
export function readZip(source: ByteSource, file: string, isChecked: ChecksumRule = () => true): ZipArchive {
  const directory = readDirectory(source, file);
  const anomalies: ContainerAnomaly[] = [...directory.anomalies, ...nameAnomalies(directory.records)];
  const budget = { left: limits.inflatedTotal };
  const entries = directory.records.map((record) =>
    readEntry(source, record, directory.start, budget, anomalies, isChecked),
  );
  const { unclaimed, overlapping } = findUnclaimed(source, entries, directory);
  for (const name of overlapping) {
    anomalies.push({ entry: name, reason: 'its bytes overlap another entry' });
  }
  for (const { start, end } of unclaimed) {
    const where = start === 0 ? 'before the archive' : end === source.length ? 'after the archive' : 'between entries';
    anomalies.push({
      offset: start,
      reason: `${(end - start).toLocaleString('en-US')} bytes ${where} belong to no entry`,
    });
  }
  return { entries, anomalies, unclaimed };
}

function readEntry(
  source: ByteSource,
  record: DirectoryRecord,
  directoryStart: number,
  budget: { left: number },
  anomalies: ContainerAnomaly[],
  isChecked: ChecksumRule,
): ZipEntry {
  const { name } = record;
  const report = (reason: string) => anomalies.push({ entry: name, offset: record.headerOffset, reason });
  const unread = (fault: string, end = record.headerOffset): ZipEntry => {
    report(fault);
    const nothing = new Uint8Array();
    // An offset may lead anywhere; nobody is to take what lies before it for looked into.
    const range = end <= directoryStart ? { start: record.headerOffset, end } : { start: 0, end: 0 };
    return { name, content: nothing, data: nothing, fault, range, hasDescriptor: false };
  };

  const at = record.headerOffset;
  if (at + recordSize.localHeader > directoryStart) return unread('its local header is missing');
  const fixed = viewOf(source.subarray(at, at + recordSize.localHeader));
  if (fixed.getUint32(0, true) !== signature.localHeader) return unread('its local header is missing');
  const nameEnd = recordSize.localHeader + fixed.getUint16(26, true);
  const start = at + nameEnd + fixed.getUint16(28, true);
  const end = start + record.compressedSize;
  if (!(end <= directoryStart)) return unread('its bytes run past the end of the entries');

  for (const reason of headerMismatches(source.subarray(at, start), record, nameEnd)) report(reason);
  const hasDescriptor = ((fixed.getUint16(6, true) | record.flags) & flag.descriptor) !== 0;
  const located = { name, range: { start: at, end }, hasDescriptor };
  const { content, fault } = unpack(section(source, start, end), record, budget);
  if (fault !== undefined) return { ...unread(fault, end), hasDescriptor };
  if (isChecked(name, content.length) && crc32(wholeOf(content)) !== record.crc) {
    report('its CRC-32 does not match: PyTorch loads it all the same, other readers refuse it');
  }
  return {
    ...located,
    content,
    get data() {
      return wholeOf(content);
    },
  };
}

/** What the local header `header` says against the central directory; loaders believe the one or the other. */
function headerMismatches(header: Uint8Array, record: DirectoryRecord, nameEnd: number): string[] {
  const view = viewOf(header);
  const reasons: string[] = [];
  const localName = header.subarray(recordSize.localHeader, nameEnd);
  if (!equalBytes(localName, record.rawName)) {
    reasons.push(`its local header names it ${JSON.stringify(new TextDecoder().decode(localName))}`);
  }
  const flags = view.getUint16(6, true);
  const decisive = flag.encrypted | flag.strongEncryption | flag.maskedHeaders;
  if ((flags & decisive) !== 0 || (record.flags & decisive) !== 0) {
    reasons.push('it is marked as encrypted, which PyTorch never writes');
  }
  if (view.getUint16(8, true) !== record.method) {
    reasons.push('its compression method differs between local header and central directory');
  }
  const [size, compressedSize] = wideFields(view, nameEnd, header.length, [
    view.getUint32(22, true),
    view.getUint32(18, true),
  ]);
  const crc = view.getUint32(14, true);
  // With a data descriptor the header was written before its values were known.
  const postponed = (flags & flag.descriptor) !== 0;
  const differs = (local: number, central: number) => local !== central && !(postponed && local === 0);
  if (differs(size, record.size) || differs(compressedSize, record.compressedSize)) {
    reasons.push('its size differs between local header and central directory');
  }
  if (differs(crc, record.crc)) reasons.push('its CRC-32 differs between local header and central directory');
  return reasons;
}

function unpack(
  packed: ByteSource,
  record: DirectoryRecord,
  budget: { left: number },
): { content: ByteSource; fault?: undefined } | { content?: undefined; fault: string } {
  if ((record.flags & (flag.encrypted | flag.strongEncryption)) !== 0) return { fault: 'it is encrypted' };
  if (record.method === method.stored) {
    return record.size === packed.length ? { content: packed } : { fault: 'its stored size is not its size' };
  }
  if (record.method !== method.deflated) return { fault: `its compression method ${record.method} is not read` };
  if (record.size > limits.inflateFreely && record.size > packed.length * limits.inflateRatio) {
    return { fault: `it claims to inflate from ${packed.length} to ${record.size} bytes (a zip bomb)` };
  }
  if (record.size > budget.left) return { fault: 'the archive inflates to more than is read (a zip bomb)' };
  budget.left -= record.size;
  try {
    const data = inflateRawSync(wholeOf(packed), { maxOutputLength: Math.max(1, record.size) });
    if (data.length === record.size) return { content: data };
  } catch {
    // Falls through: zlib's own words add nothing for a reader of the finding.
  }
  return { fault: 'its deflated data is damaged or has another size than declared' };
}

function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((value, i) => value === b[i]);
}
