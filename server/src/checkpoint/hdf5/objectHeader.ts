/** Object headers: what is said of a group or a dataset, message by message. */

import type { Cursor } from './cursor';
import { Hdf5Fault } from './fault';
import type { Hdf5File } from './file';

export const messageType = {
  dataspace: 0x01,
  linkInfo: 0x02,
  datatype: 0x03,
  fillValue: 0x05,
  link: 0x06,
  externalFiles: 0x07,
  layout: 0x08,
  filters: 0x0b,
  attribute: 0x0c,
  continuation: 0x10,
  symbolTable: 0x11,
  attributeInfo: 0x15,
} as const;

const sharedFlag = 0x02;
/** Messages of one header. Old files keep each attribute in one. */
const mostMessages = 100_000;
/** Bytes of a block of messages. */
const longestBlock = 1 << 26;

export interface Message {
  readonly type: number;
  /** Where its content is in the file. */
  readonly offset: number;
  readonly length: number;
  /** The content is elsewhere, and this only says where. */
  readonly isShared: boolean;
}

/** What is said of one object. */
export class ObjectHeader {
  constructor(
    private readonly file: Hdf5File,
    readonly address: number,
    /** Whether its blocks end with checksums. */
    readonly isChecked: boolean,
    private readonly messages: readonly Message[],
  ) {}

  /** All messages of a type, in order, ready to be read. */
  all(type: number): Cursor[] {
    return this.messages.filter((message) => message.type === type).map((message) => this.open(message, 0));
  }

  /** The first message of a type. */
  first(type: number): Cursor | undefined {
    const message = this.messages.find((one) => one.type === type);
    return message && this.open(message, 0);
  }

  has(type: number): boolean {
    return this.messages.some((message) => message.type === type);
  }

  private open({ type, offset, length, isShared }: Message, depth: number): Cursor {
    const content = this.file.at(offset, length);
    if (!isShared) return content;
    const address = sharedAddress(content);
    const target = readObjectHeader(this.file, address).messages.find((message) => message.type === type);
    if (target === undefined || depth > 0) throw new Hdf5Fault('a shared message leads nowhere', offset);
    return this.open(target, depth + 1);
  }
}

/** Where the object is that holds what a shared message stands for. */
function sharedAddress(content: Cursor): number {
  const version = content.version('a shared message', 1, 2, 3);
  const kind = content.uint8();
  if (version === 3 && kind !== 2) throw new Hdf5Fault('messages shared in a heap are not read', content.position);
  if (version === 1) content.skip(6);
  return content.someAddress('a shared message');
}

/** Reads the header at `address`. Throws Hdf5Fault. */
export function readObjectHeader(file: Hdf5File, address: number): ObjectHeader {
  const isNew = file.at(address, 4).bytes[0] === 'O'.charCodeAt(0);
  const messages = isNew ? readVersion2(file, address) : readVersion1(file, address);
  return new ObjectHeader(file, address, isNew, messages);
}

function readVersion1(file: Hdf5File, address: number): Message[] {
  const prefix = file.at(address, 16);
  prefix.version('an object header', 1);
  prefix.skip(1);
  const count = prefix.uint16();
  prefix.skip(4);
  const blocks = [file.at(address + 16, blockLength(prefix.uint32(), prefix.position))];
  const messages: Message[] = [];
  for (let block = blocks.shift(); block !== undefined; block = blocks.shift()) {
    while (block.left >= 8 && messages.length < count) {
      const type = block.uint16();
      const length = block.uint16();
      const flags = block.uint8();
      block.skip(3);
      keep(file, block, { type, length, flags }, messages, blocks, false);
    }
  }
  return messages;
}

function readVersion2(file: Hdf5File, address: number): Message[] {
  const prefix = file.upTo(address, 64);
  prefix.signature('OHDR');
  prefix.version('an object header', 2);
  const headerFlags = prefix.uint8();
  // Times; when attributes are stored elsewhere.
  if ((headerFlags & 0x20) !== 0) prefix.skip(16);
  if ((headerFlags & 0x10) !== 0) prefix.skip(4);
  const length = blockLength(prefix.uint(1 << (headerFlags & 3)), prefix.position);
  const blocks = [file.at(prefix.position, length)];
  const messages: Message[] = [];
  const prefixLength = (headerFlags & 4) !== 0 ? 6 : 4;
  for (let block = blocks.shift(); block !== undefined; block = blocks.shift()) {
    // What is too short for a message is a gap.
    while (block.left >= prefixLength) {
      const type = block.uint8();
      const messageLength = block.uint16();
      const flags = block.uint8();
      block.skip(prefixLength - 4);
      keep(file, block, { type, length: messageLength, flags }, messages, blocks, true);
    }
  }
  return messages;
}

function keep(
  file: Hdf5File,
  block: Cursor,
  { type, length, flags }: { type: number; length: number; flags: number },
  messages: Message[],
  blocks: Cursor[],
  isNew: boolean,
): void {
  if (messages.length >= mostMessages) throw new Hdf5Fault('it has more messages than are read', block.position);
  const offset = block.position;
  const content = block.inner(length);
  messages.push({ type, offset, length, isShared: (flags & sharedFlag) !== 0 });
  if (type !== messageType.continuation) return;
  const start = content.someAddress('a continued header');
  const size = blockLength(content.length(), offset);
  // Newer ones start with a signature and end with a checksum.
  const next = isNew ? file.at(start, size - 4) : file.at(start, size);
  if (isNew) next.signature('OCHK');
  blocks.push(next);
}

function blockLength(length: number, offset: number): number {
  if (length > longestBlock) throw new Hdf5Fault(`a header of ${length} bytes is longer than is read`, offset);
  return length;
}
