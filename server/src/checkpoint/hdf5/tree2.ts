/** Version 2 trees: records of one length, sorted by a key that is of no matter here. */

import type { Cursor } from './cursor';
import { Hdf5Fault } from './fault';
import type { Hdf5File } from './file';

const deepest = 16;
const checksumLength = 4;
/** Signature, version and type before a node's records. */
const nodePrefix = 6;

/** All records of the tree at `address`, in order. Throws Hdf5Fault where it is damaged or has more than `most`. */
export function treeRecords(file: Hdf5File, address: number, most: number): Cursor[] {
  const { offsets, lengths } = file.sizes;
  const header = file.at(address, 18 + offsets + lengths);
  header.signature('BTHD');
  header.version('a tree', 0);
  header.skip(1);
  const nodeSize = header.uint32();
  const recordSize = header.uint16();
  const depth = header.uint16();
  header.skip(2);
  const root = header.address();
  const rootRecords = header.uint16();
  if (root === undefined) return [];
  if (recordSize === 0 || depth > deepest || nodeSize > 1 << 20) throw new Hdf5Fault('a tree is damaged', address);

  const { countBytes, totalBytes } = widths(nodeSize, recordSize, depth, offsets);
  const records: Cursor[] = [];
  const keep = (node: Cursor): void => {
    if (records.length >= most) throw new Hdf5Fault('a tree has more records than are read', address);
    records.push(node.inner(recordSize));
  };
  const visit = (at: number, count: number, level: number): void => {
    const childLength = offsets + countBytes + (level > 1 ? totalBytes[level - 1] : 0);
    const length = nodePrefix + count * recordSize + (level > 0 ? (count + 1) * childLength : 0);
    const node = file.at(at, length);
    node.signature(level > 0 ? 'BTIN' : 'BTLF');
    node.skip(2);
    if (level === 0) {
      for (let i = 0; i < count; i++) keep(node);
      return;
    }
    const own = node.inner(count * recordSize);
    for (let i = 0; i <= count; i++) {
      const child = node.someAddress('a node of a tree');
      const childCount = node.uint(countBytes);
      if (level > 1) node.skip(totalBytes[level - 1]);
      visit(child, childCount, level - 1);
      if (i < count) keep(own);
    }
  };
  visit(root, rootRecords, depth);
  return records;
}

/** Widths of the counts of records in child nodes (H5B2hdr.c): of a node, and of all below a node of each level. */
function widths(
  nodeSize: number,
  recordSize: number,
  depth: number,
  offsets: number,
): { countBytes: number; totalBytes: number[] } {
  const inLeaf = Math.floor((nodeSize - nodePrefix - checksumLength) / recordSize);
  const countBytes = bytesFor(inLeaf);
  const totalBytes = [countBytes];
  let below = inLeaf;
  for (let level = 1; level <= depth; level++) {
    const pointer = offsets + countBytes + (level > 1 ? totalBytes[level - 1] : 0);
    const here = Math.floor((nodeSize - nodePrefix - checksumLength - pointer) / (recordSize + pointer));
    below = (here + 1) * below + here;
    totalBytes.push(bytesFor(below));
  }
  return { countBytes, totalBytes };
}

function bytesFor(most: number): number {
  return Math.min(8, Math.floor(Math.log2(Math.max(1, most)) / 8) + 1);
}
