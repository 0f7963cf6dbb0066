import type { Part } from './sparseFile';

/**
 * An HDF5 file (superblock of version 2) with one dataset of zeros in the root group. Checksums of headers are left out,
 * which nobody here compares.
 */
export function hdf5File(name: string, bytes: number): Part[] {
  const dataset = header(
    message(1, Buffer.of(2, 1, 0, 1), uint64(bytes / 4)),
    // A float32 with its least byte first.
    message(3, Buffer.of(0x11, 0x20, 0x1f, 0, 4, 0, 0, 0, 0, 0, 32, 0, 23, 8, 0, 23, 127, 0, 0, 0)),
    message(8, Buffer.of(3, 1), uint64(dataStart), uint64(bytes)),
  );
  const root = header(message(6, Buffer.of(1, 0, name.length), Buffer.from(name), uint64(datasetStart)));
  const start = Buffer.concat([
    Buffer.from('\x89HDF\r\n\x1a\n\x02\x08\x08\x00', 'latin1'),
    ...[0n, none, BigInt(dataStart + bytes), BigInt(rootStart)].map(uint64),
  ]);
  const headers = Buffer.alloc(dataStart);
  start.copy(headers);
  root.copy(headers, rootStart);
  dataset.copy(headers, datasetStart);
  return [headers, bytes];
}

/** An address that leads nowhere. */
const none = 0xffffffffffffffffn;
const [rootStart, datasetStart, dataStart] = [64, 256, 512];

/** An object header of version 2. */
function header(...messages: readonly Buffer[]): Buffer {
  const content = Buffer.concat(messages);
  return Buffer.concat([Buffer.from('OHDR'), Buffer.of(2, 0, content.length), content]);
}

function message(type: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  return Buffer.concat([Buffer.of(type, content.length, 0, 0), content]);
}

function uint64(value: number | bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}
