/** Members of a group, in whichever of the format's ways they are kept. */

import { Hdf5Fault } from './fault';
import type { Hdf5File } from './file';
import { openFractalHeap } from './fractalHeap';
import type { Link } from './link';
import { readLink } from './link';
import type { ObjectHeader } from './objectHeader';
import { messageType } from './objectHeader';
import { symbolTableLinks } from './symbolTable';
import { treeRecords } from './tree2';

/** Bytes of the key before the heap's id in a record of a tree of names. */
const nameHash = 4;

export function isGroup(header: ObjectHeader): boolean {
  return [messageType.symbolTable, messageType.linkInfo, messageType.link].some((type) => header.has(type));
}

/** The members of a group, `most` at most. Throws Hdf5Fault where their list is damaged or longer. */
export function linksOf(file: Hdf5File, header: ObjectHeader, most: number): Link[] {
  const links = header.all(messageType.link).map(readLink);
  const table = header.first(messageType.symbolTable);
  if (table !== undefined) {
    const tree = table.someAddress('a group');
    links.push(...symbolTableLinks(file, tree, table.someAddress('a group'), most));
  }
  const info = header.first(messageType.linkInfo);
  if (info !== undefined) {
    info.version('a link list', 0);
    if ((info.uint8() & 1) !== 0) info.skip(8);
    const heapAddress = info.address();
    const tree = info.address();
    if (heapAddress !== undefined && tree !== undefined) {
      const heap = openFractalHeap(file, heapAddress);
      for (const record of treeRecords(file, tree, most)) {
        record.skip(nameHash);
        links.push(readLink(heap.object(record.block(heap.idLength))));
      }
    }
  }
  if (links.length > most) throw new Hdf5Fault('a group has more members than are read', header.address);
  return links;
}
