import type { ByteSource } from '../byteSource';

/** Bytes of the text that are decoded at a time. */
const blockSize = 1 << 18;
/** Bytes of a character in UTF-8 behind its first. */
const longestRest = 3;

/** A part of the text that begins with a character. */
interface Block {
  /** Its first byte in the text. */
  readonly start: number;
  readonly end: number;
  /** Its first byte in what the text stands for. */
  readonly at: number;
}

/**
 * The bytes that a long text stands for where a pickle of protocol 2 has one instead of a byte string: one each character
 * (Latin-1). They are decoded where they are asked for; the first time, the text is gone through once.
 */
export class Latin1Source implements ByteSource {
  private index?: { readonly blocks: readonly Block[]; readonly length: number };

  /** @param encoded the text, in UTF-8 */
  constructor(private readonly encoded: ByteSource) {}

  get length(): number {
    return this.indexed().length;
  }

  subarray(start: number, end: number): Uint8Array {
    const { blocks, length } = this.indexed();
    const last = Math.min(end, length);
    if (start >= last) return new Uint8Array();
    const bytes = Buffer.alloc(last - start);
    for (let i = firstBehind(blocks, start) - 1; i < blocks.length && blocks[i].at < last; i++) {
      const part = Buffer.from(this.decode(blocks[i]), 'latin1');
      part.copy(bytes, Math.max(0, blocks[i].at - start), Math.max(0, start - blocks[i].at));
    }
    return bytes;
  }

  private indexed(): { readonly blocks: readonly Block[]; readonly length: number } {
    if (this.index !== undefined) return this.index;
    const blocks: Block[] = [];
    let at = 0;
    for (let start = 0; start < this.encoded.length;) {
      const block = { start, end: this.endOfBlock(start), at };
      blocks.push(block);
      at += this.decode(block).length;
      start = block.end;
    }
    return (this.index = { blocks, length: at });
  }

  /** Where a block from `start` on ends that cuts no character. */
  private endOfBlock(start: number): number {
    const end = start + blockSize;
    if (end >= this.encoded.length) return this.encoded.length;
    const before = this.encoded.subarray(end - longestRest, end + 1);
    // From the first byte behind the block backwards, to one that begins a character.
    const back = [...before].reverse().findIndex((byte) => (byte & 0xc0) !== 0x80);
    return end - Math.max(0, back);
  }

  private decode({ start, end }: Block): string {
    return new TextDecoder('utf-8', { ignoreBOM: true }).decode(this.encoded.subarray(start, end));
  }
}

/** The first of the blocks that begins behind `place`. */
function firstBehind(blocks: readonly Block[], place: number): number {
  let [low, high] = [0, blocks.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (blocks[middle].at > place) high = middle;
    else low = middle + 1;
  }
  return Math.max(1, low);
}
