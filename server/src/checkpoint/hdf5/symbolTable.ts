/** Groups as HDF5 wrote them before 1.8, and h5py still does: a tree of names that lie in a heap. */

import { Hdf5Fault } from './fault';
import type { Hdf5File } from './file';
import type { Link } from './link';

const deepest = 32;
/** Bytes of the names in one group. */
const longestHeap = 1 << 26;
/** Kind of a cached soft link. */
const softLink = 2;

/** Links of the group whose tree and heap are at these addresses. */
export function symbolTableLinks(file: Hdf5File, tree: number, heap: number, most: number): Link[] {
  const names = readHeap(file, heap);
  const links: Link[] = [];
  const { offsets, lengths } = file.sizes;
  const visit = (address: number, depth: number): void => {
    if (depth > deepest) throw new Hdf5Fault('the tree of a group is deeper than is read', address);
    const header = file.at(address, 8 + 2 * offsets);
    header.signature('TREE');
    if (header.uint8() !== 0) throw new Hdf5Fault('the tree lists no names', address);
    const level = header.uint8();
    const count = header.uint16();
    const entries = file.at(address + header.bytes.length, count * (lengths + offsets));
    for (let i = 0; i < count; i++) {
      entries.skip(lengths);
      const child = entries.someAddress('a part of a group');
      if (level > 0) visit(child, depth + 1);
      else visitSymbols(child);
    }
  };
  const visitSymbols = (address: number): void => {
    const header = file.at(address, 8);
    header.signature('SNOD');
    header.version('a symbol table', 1);
    header.skip(1);
    const count = header.uint16();
    const entries = file.at(address + 8, count * (2 * offsets + 24));
    for (let i = 0; i < count; i++) {
      if (links.length >= most) throw new Hdf5Fault('a group has more members than are read', address);
      const name = textAt(names, entries.uint(offsets), address);
      const target = entries.address();
      const kind = entries.uint32();
      entries.skip(4);
      const scratch = entries.inner(16);
      if (kind === softLink) links.push({ name, kind: 'soft', target: textAt(names, scratch.uint32(), address) });
      else if (target !== undefined) links.push({ name, kind: 'hard', address: target });
    }
  };
  visit(tree, 0);
  return links;
}

function readHeap(file: Hdf5File, address: number): Uint8Array {
  const header = file.at(address, 8 + 2 * file.sizes.lengths + file.sizes.offsets);
  header.signature('HEAP');
  header.version('a heap of names', 0);
  header.skip(3);
  const size = header.length();
  header.length();
  const data = header.someAddress('a heap of names');
  if (size > longestHeap) throw new Hdf5Fault('a group has longer names than are read', address);
  return file.at(data, size).bytes;
}

function textAt(names: Uint8Array, offset: number, address: number): string {
  const end = names.indexOf(0, offset);
  if (offset >= names.length || end < 0) throw new Hdf5Fault('a name in a group does not end', address);
  return new TextDecoder().decode(names.subarray(offset, end));
}
