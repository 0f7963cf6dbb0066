/** Reads little-endian fields one after another, each within the bytes there are. */

import { Hdf5Fault } from './fault';

/** Bytes of addresses and of sizes, as the superblock of a file says. */
export interface FieldSizes {
  readonly offsets: number;
  readonly lengths: number;
}

export class Cursor {
  private at = 0;
  private readonly view: DataView;

  /**
   * @param bytes what may be read
   * @param start where they are in the file
   */
  constructor(
    readonly bytes: Uint8Array,
    private readonly start: number,
    private readonly sizes: FieldSizes,
  ) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Where the next field is in the file. */
  get position(): number {
    return this.start + this.at;
  }

  get left(): number {
    return this.bytes.length - this.at;
  }

  skip(count: number): void {
    this.take(count);
  }

  /** Goes on at the next multiple of `step` bytes from the first; not beyond the last one. */
  align(step: number): void {
    this.at = Math.min(Math.ceil(this.at / step) * step, this.bytes.length);
  }

  uint8(): number {
    return this.view.getUint8(this.take(1));
  }

  uint16(): number {
    return this.view.getUint16(this.take(2), true);
  }

  uint32(): number {
    return this.view.getUint32(this.take(4), true);
  }

  /** A number of 1 to 8 bytes; past 2^53 it loses precision and fails the bounds checks that follow. */
  uint(size: number): number {
    const from = this.take(size);
    let value = 0;
    for (let i = size - 1; i >= 0; i--) value = value * 256 + this.bytes[from + i];
    return value;
  }

  /** A size of the file's width. */
  length(): number {
    return this.uint(this.sizes.lengths);
  }

  /** An address of the file's width; undefined where it says that there is nothing. */
  address(): number | undefined {
    const bytes = this.block(this.sizes.offsets);
    if (bytes.every((byte) => byte === 0xff)) return undefined;
    this.at -= bytes.length;
    return this.uint(bytes.length);
  }

  /** An address that must be one. */
  someAddress(what: string): number {
    const { position } = this;
    const address = this.address();
    if (address === undefined) throw new Hdf5Fault(`${what} has no address`, position);
    return address;
  }

  block(count: number): Uint8Array {
    const from = this.take(count);
    return this.bytes.subarray(from, from + count);
  }

  /** A cursor over the next `count` bytes, which this one goes past. */
  inner(count: number): Cursor {
    const { position } = this;
    return new Cursor(this.block(count), position, this.sizes);
  }

  /** A text of `count` bytes, up to the first zero. */
  text(count: number): string {
    const bytes = this.block(count);
    const end = bytes.indexOf(0);
    return new TextDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end));
  }

  /** Checks four letters that name a structure. */
  signature(expected: string): void {
    const { position } = this;
    if (new TextDecoder('latin1').decode(this.block(4)) !== expected) {
      throw new Hdf5Fault(`there is no structure "${expected}" where one is needed`, position);
    }
  }

  /** Checks a version. */
  version(what: string, ...known: number[]): number {
    const { position } = this;
    const version = this.uint8();
    if (!known.includes(version)) throw new Hdf5Fault(`version ${version} of ${what} is not read`, position);
    return version;
  }

  private take(count: number): number {
    const from = this.at;
    if (!(count >= 0 && count <= this.left)) throw new Hdf5Fault('a structure is cut off', this.position);
    this.at += count;
    return from;
  }
}
