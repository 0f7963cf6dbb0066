/** What a fuzzing thread is given, what it tells, and the memory in which it shows the input that it runs. */

import { longestInput } from '../target';
import type { Defect } from './guard';

export interface FuzzOrder {
  /** The bundle that the thread runs, in which coverage is counted. */
  readonly bundle: string;
  readonly seeds: readonly Uint8Array[];
  /** Inputs that earlier runs kept. */
  readonly corpus: readonly Uint8Array[];
  readonly seed: number;
  readonly stream: string;
  readonly seconds: number;
  /** Bytes of inputs that are kept for later runs. */
  readonly mostKept: number;
  readonly shown: SharedArrayBuffer;
}

export type FuzzMessage =
  | { readonly type: 'defect'; readonly defect: Defect; readonly input: Uint8Array }
  /** An input that reached something new. */
  | { readonly type: 'found'; readonly input: Uint8Array }
  | { readonly type: 'progress'; readonly inputs: number }
  | {
      readonly type: 'end';
      readonly inputs: number;
      /** The smallest inputs that reach what all of them reach, without the seeds. */
      readonly corpus: readonly Uint8Array[];
      /** The part of the parser's code that ran, from 0 to 1. */
      readonly coverage?: number;
    };

/** The input that runs now, for whoever must say which one never ended. */
export class ShownInput {
  private readonly numbers: Int32Array;
  private readonly bytes: Uint8Array;

  constructor(readonly buffer = new SharedArrayBuffer(8 + 2 * longestInput)) {
    this.numbers = new Int32Array(buffer, 0, 2);
    this.bytes = new Uint8Array(buffer, 8);
  }

  show(input: Uint8Array): void {
    this.bytes.set(input.subarray(0, this.bytes.length));
    this.numbers[1] = Math.min(input.length, this.bytes.length);
    Atomics.add(this.numbers, 0, 1);
  }

  /** Changes with every input. */
  get count(): number {
    return Atomics.load(this.numbers, 0);
  }

  get input(): Uint8Array {
    return Uint8Array.from(this.bytes.subarray(0, this.numbers[1]));
  }
}
