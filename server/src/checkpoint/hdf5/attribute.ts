/** Attributes: small values beside groups and datasets. Only texts are read, as nothing else is asked for. */

import { elementCount } from '../stridedView';
import type { Cursor } from './cursor';
import { readDataspace } from './dataspace';
import { readDatatype } from './datatype';
import { Hdf5Fault } from './fault';
import type { Hdf5File } from './file';
import { openFractalHeap } from './fractalHeap';
import type { GlobalHeap } from './globalHeap';
import type { ObjectHeader } from './objectHeader';
import { messageType } from './objectHeader';
import { treeRecords } from './tree2';

/** Attributes of one object, and texts in one attribute. */
const mostAttributes = 100_000;
const mostTexts = 1 << 20;

/** The attributes of an object that are texts, or lists of texts, by name. Throws Hdf5Fault where they are damaged. */
export function textAttributes(
  file: Hdf5File,
  header: ObjectHeader,
  heap: GlobalHeap,
): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, readonly string[]>();
  for (const message of [...header.all(messageType.attribute), ...storedElsewhere(file, header)]) {
    const { name, texts } = readAttribute(message, heap);
    if (texts !== undefined) found.set(name, texts);
  }
  return found;
}

/** Attributes that have a heap of their own, as there are many or long ones. */
function storedElsewhere(file: Hdf5File, header: ObjectHeader): Cursor[] {
  const info = header.first(messageType.attributeInfo);
  if (info === undefined) return [];
  info.version('an attribute list', 0);
  const flags = info.uint8();
  if ((flags & 1) !== 0) info.skip(2);
  const heapAddress = info.address();
  const tree = info.address();
  if (heapAddress === undefined || tree === undefined) return [];
  const heap = openFractalHeap(file, heapAddress);
  return treeRecords(file, tree, mostAttributes).map((record) => heap.object(record.block(heap.idLength)));
}

function readAttribute(message: Cursor, heap: GlobalHeap): { name: string; texts?: readonly string[] } {
  const version = message.version('an attribute', 1, 2, 3);
  const flags = message.uint8();
  const [nameLength, typeLength, spaceLength] = [message.uint16(), message.uint16(), message.uint16()];
  if (version === 3) message.skip(1);
  const padded = (length: number) => (version === 1 ? Math.ceil(length / 8) * 8 : length);
  const name = message.inner(padded(nameLength)).text(nameLength);
  const typeCursor = message.inner(padded(typeLength));
  const spaceCursor = message.inner(padded(spaceLength));
  // Types and shapes that are shared with other objects.
  if (version > 1 && (flags & 3) !== 0) return { name };
  const type = readDatatype(typeCursor);
  const shape = readDataspace(spaceCursor);
  if (shape === undefined || (type.kind !== 'text' && type.kind !== 'heapText')) return { name };
  const count = elementCount(shape);
  if (count > mostTexts) throw new Hdf5Fault('an attribute has more texts than are read', message.position);
  const texts = Array.from({ length: count }, () =>
    type.kind === 'text' ? message.text(type.size) : heapText(message.inner(type.size), heap),
  );
  return { name, texts };
}

function heapText(reference: Cursor, heap: GlobalHeap): string {
  const length = reference.uint32();
  const address = reference.address();
  const index = reference.uint32();
  if (length === 0 || address === undefined) return '';
  return new TextDecoder().decode(heap.object(address, index).subarray(0, length));
}
