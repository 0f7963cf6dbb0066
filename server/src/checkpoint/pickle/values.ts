/** What a pickle stream builds, as plain data: nothing here was imported or called. */

import { FarBytes, FarText } from './far';

export type PickleValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | FarBytes
  | FarText
  | PickleTuple
  | PickleList
  | PickleDict
  | GlobalReference
  | PickleObject
  | PersistentReference
  | OpaqueValue;

export class PickleTuple {
  constructor(readonly items: readonly PickleValue[]) {}
}

/** Lists and sets. */
export class PickleList {
  readonly items: PickleValue[] = [];
}

export class PickleDict {
  /** In the order they were set; a later entry of the same key wins. */
  readonly entries: [PickleValue, PickleValue][] = [];
}

/** Something the stream imports. */
export class GlobalReference {
  constructor(
    readonly module: string,
    readonly name: string,
    /** Offset of the importing opcode. */
    readonly offset: number,
  ) {}

  get path(): string {
    return `${this.module}.${this.name}`;
  }
}

/** What calling `callable` would have made, with what the stream then put into it. */
export class PickleObject {
  /** Arguments of BUILD (`__setstate__`), in order. */
  readonly states: PickleValue[] = [];
  /** What was appended or added. */
  readonly items: PickleValue[] = [];
  /** What was set by key. */
  readonly entries: [PickleValue, PickleValue][] = [];
  /** Of an array of joblib: byte of the stream where its numbers begin, with the padding before them. */
  numbersAt?: number;

  constructor(
    readonly callable: PickleValue,
    readonly args: readonly PickleValue[],
  ) {}

  /** `module.name` of what was called, or undefined where that was itself computed. */
  get path(): string | undefined {
    return this.callable instanceof GlobalReference ? this.callable.path : undefined;
  }
}

/** An object outside the stream: PyTorch's storages. */
export class PersistentReference {
  constructor(readonly id: PickleValue) {}
}

/** A value that exists but is not kept, such as a huge integer or an out-of-band buffer. */
export class OpaqueValue {
  constructor(readonly description: string) {}
}

export type ByteString = Uint8Array | FarBytes;
export type TextString = string | FarText;

export function isBytes(value: PickleValue | undefined): value is ByteString {
  return value instanceof Uint8Array || value instanceof FarBytes;
}

export function isText(value: PickleValue | undefined): value is TextString {
  return typeof value === 'string' || value instanceof FarText;
}
