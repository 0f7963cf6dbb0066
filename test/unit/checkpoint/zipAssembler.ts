/** Builds zip archives field by field, so that headers can contradict each other. */

import { deflateRawSync } from 'node:zlib';
import { crc32 } from '../../../server/src/checkpoint/zip/crc32';

/** What differs from an honest stored entry. `local...` fields stand in the local header alone. */
export interface RawEntry {
  readonly name: string;
  readonly data: Uint8Array | string;
  readonly deflate?: boolean;
  readonly flags?: number;
  readonly crc?: number;
  readonly size?: number;
  readonly method?: number;
  readonly localName?: string;
  readonly localFlags?: number;
  readonly localMethod?: number;
  readonly localCrc?: number;
  readonly localSize?: number;
  /** Instead of where the entry was written. */
  readonly headerOffset?: number;
}

export interface ArchiveOptions {
  readonly prefix?: Uint8Array | string;
  readonly between?: Uint8Array | string;
  readonly suffix?: Uint8Array | string;
  readonly comment?: Uint8Array | string;
  readonly entryCount?: number;
  readonly directoryOffset?: number;
}

export function rawZip(entries: readonly RawEntry[], options: ArchiveOptions = {}): Uint8Array {
  const parts: Buffer[] = [Buffer.from(options.prefix ?? '')];
  const central: Buffer[] = [];
  const position = () => parts.reduce((sum, part) => sum + part.length, 0);
  for (const entry of entries) {
    const data = Buffer.from(entry.data);
    const packed = entry.deflate ? deflateRawSync(data) : data;
    const method = entry.method ?? (entry.deflate ? 8 : 0);
    const flags = entry.flags ?? 0;
    const crc = entry.crc ?? crc32(data);
    const size = entry.size ?? data.length;
    const offset = entry.headerOffset ?? position();
    const common = (version: boolean, f: number, m: number, c: number, s: number, name: Buffer) => {
      const header = Buffer.alloc(version ? 46 : 30);
      const at = version ? 2 : 0;
      header.writeUInt32LE(version ? 0x02014b50 : 0x04034b50, 0);
      header.writeUInt16LE(f, at + 6);
      header.writeUInt16LE(m, at + 8);
      header.writeUInt32LE(c, at + 14);
      header.writeUInt32LE(packed.length, at + 18);
      header.writeUInt32LE(s, at + 22);
      header.writeUInt16LE(name.length, at + 26);
      return header;
    };
    const name = Buffer.from(entry.name);
    const localName = Buffer.from(entry.localName ?? entry.name);
    const local = common(
      false,
      entry.localFlags ?? flags,
      entry.localMethod ?? method,
      entry.localCrc ?? crc,
      entry.localSize ?? size,
      localName,
    );
    if (entry.headerOffset === undefined) parts.push(local, localName, packed);
    const record = common(true, flags, method, crc, size, name);
    record.writeUInt32LE(offset, 42);
    central.push(record, name);
    parts.push(Buffer.from(options.between ?? ''));
  }
  const directoryOffset = position();
  const directory = Buffer.concat(central);
  const comment = Buffer.from(options.comment ?? '');
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(options.entryCount ?? entries.length, 8);
  end.writeUInt16LE(options.entryCount ?? entries.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(options.directoryOffset ?? directoryOffset, 16);
  end.writeUInt16LE(comment.length, 20);
  return Buffer.concat([...parts, directory, end, comment, Buffer.from(options.suffix ?? '')]);
}
