/** What is fuzzed: `targets.ts` lists the parsers, each with its samples, its mutations and what must hold. */

import type { Mutator } from './mutators/mutator';

export interface FuzzTarget {
  /** The parser, for people. */
  readonly title: string;
  /** Files of `server/src` that are the parser itself: how much of them was reached is on record. Absent for parts of files. */
  readonly code?: RegExp;
  /** Valid inputs to begin with. Inputs longer than `longestInput` are left out. */
  seeds(): Uint8Array[];
  readonly mutate: Mutator;
  /**
   * Parses `input` and asserts what must hold of the outcome.
   *
   * @returns the kind of outcome, such as the reason of a refusal: inputs that lead to a new one are kept
   * @throws whatever shows a defect: an error that is not the parser's own, or an assertion that failed
   */
  run(input: Uint8Array): string;
}

/** Bytes of an input. Larger ones run slower and reach nothing more. */
export const longestInput = 1 << 15;
