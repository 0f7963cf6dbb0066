/** Writes the few opcodes of protocol 2 that a state dict needs. */

import { opcode } from './opcodes';

export class PickleWriter {
  private readonly bytes: number[] = [opcode.PROTO, 2];

  global(module: string, name: string): this {
    return this.put(opcode.GLOBAL, ...new TextEncoder().encode(`${module}\n${name}\n`));
  }

  text(value: string): this {
    const encoded = new TextEncoder().encode(value);
    return this.put(opcode.BINUNICODE, ...littleEndian(encoded.length, 4), ...encoded);
  }

  /** A whole number from 0 to 2^53. */
  integer(value: number): this {
    if (value < 0x100) return this.put(opcode.BININT1, value);
    if (value < 0x10000) return this.put(opcode.BININT2, ...littleEndian(value, 2));
    if (value < 0x80000000) return this.put(opcode.BININT, ...littleEndian(value, 4));
    return this.put(opcode.LONG1, 8, ...littleEndian(value, 8));
  }

  /** A tuple of whole numbers. */
  integers(values: readonly number[]): this {
    this.mark();
    for (const value of values) this.integer(value);
    return this.tuple();
  }

  boolean(value: boolean): this {
    return this.put(value ? opcode.NEWTRUE : opcode.NEWFALSE);
  }

  mark(): this {
    return this.put(opcode.MARK);
  }

  tuple(): this {
    return this.put(opcode.TUPLE);
  }

  emptyTuple(): this {
    return this.put(opcode.EMPTY_TUPLE);
  }

  reduce(): this {
    return this.put(opcode.REDUCE);
  }

  persistentId(): this {
    return this.put(opcode.BINPERSID);
  }

  setItems(): this {
    return this.put(opcode.SETITEMS);
  }

  /** Ends the stream. */
  stop(): Uint8Array {
    this.put(opcode.STOP);
    return Uint8Array.from(this.bytes);
  }

  private put(...bytes: number[]): this {
    for (const byte of bytes) this.bytes.push(byte);
    return this;
  }
}

function littleEndian(value: number, size: number): number[] {
  return Array.from({ length: size }, (_, i) => Math.floor(value / 256 ** i) % 256);
}
