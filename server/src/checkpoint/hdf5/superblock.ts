/** The first bytes of a file: its version, the widths of its fields, and where the root group is. */

import type { ByteSource } from '../byteSource';
import { startsWith } from '../containerKind';
import { Cursor } from './cursor';
import { Hdf5Fault } from './fault';
import { Hdf5File } from './file';

const signature = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];
const longest = 128;

export function looksLikeHdf5(head: Uint8Array): boolean {
  return startsWith(head, signature);
}

const shortestUserBlock = 512;

/** Where an HDF5 file begins behind a block of other bytes, of 512 bytes or a power of two more; else undefined. */
export function behindUserBlock(source: ByteSource): number | undefined {
  if (looksLikeHdf5(source.subarray(0, signature.length))) return undefined;
  for (let at = shortestUserBlock; at + signature.length <= source.length; at *= 2) {
    if (looksLikeHdf5(source.subarray(at, at + signature.length))) return at;
  }
  return undefined;
}

interface Superblock {
  readonly file: Hdf5File;
  /** Address of the root group's header. */
  readonly root: number;
}

/** Reads the beginning of a file. Throws Hdf5Fault. */
export function readSuperblock(source: ByteSource): Superblock {
  const head = source.subarray(0, longest);
  const start = new Cursor(head, 0, { offsets: 8, lengths: 8 });
  start.skip(signature.length);
  const version = start.version('the superblock', 0, 1, 2, 3);
  // Versions of free space, root group and shared headers.
  if (version < 2) start.skip(4);
  const sizes = { offsets: start.uint8(), lengths: start.uint8() };
  if (![sizes.offsets, sizes.lengths].every((size) => [2, 4, 8].includes(size))) {
    throw new Hdf5Fault('its addresses have a width that is not read', start.position);
  }
  const fields = new Cursor(head, 0, sizes);
  fields.skip(start.position);
  // Of groups, and flags; of chunked storage; flags.
  fields.skip(version === 0 ? 9 : version === 1 ? 13 : 1);
  const base = fields.address();
  if (base !== 0) throw new Hdf5Fault('the file has a user block before its data, which is not read', 0);
  fields.address();
  const endField = fields.position;
  fields.address();
  if (version < 2) {
    fields.address();
    fields.skip(sizes.offsets);
  }
  const root = fields.someAddress('the root group');
  // A later one has a checksum.
  return { file: new Hdf5File(source, sizes, version < 2 ? endField : undefined), root };
}
