/** Which characters of the program's code have run, from V8's own counters. */

import { readFileSync } from 'node:fs';
import type { Profiler } from 'node:inspector';
import { Session } from 'node:inspector';

/** Coverage of one bundle, of which only what comes from `server/src` counts. */
export class Coverage {
  private readonly session = new Session();
  /** By character of the bundle: whether it counts, counts for `share`, has run before, and ran since the last look. */
  private readonly counts: Uint8Array;
  private readonly shared: Uint8Array;
  private readonly covered: Uint8Array;
  private readonly ran: Uint8Array;

  /** @param code files of which `share` tells how much ran */
  constructor(
    private readonly bundle: string,
    code?: RegExp,
  ) {
    const text = readFileSync(bundle, 'latin1');
    this.counts = codeOf(text, /^server\/src\//);
    this.shared = code === undefined ? new Uint8Array(0) : codeOf(text, code);
    this.covered = new Uint8Array(text.length);
    this.ran = new Uint8Array(text.length);
    this.session.connect();
    this.session.post('Profiler.enable');
    this.session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  }

  /** Whether code ran since the last look that had not run before `merge` was called last. */
  look(): boolean {
    const functions = this.takeFunctions();
    this.ran.fill(0);
    // Functions come before those in them, and ranges before those in them, so that the innermost one has the last word.
    for (const { ranges } of functions) {
      for (const { startOffset, endOffset, count } of ranges) this.ran.fill(count > 0 ? 1 : 0, startOffset, endOffset);
    }
    return this.ran.some((ran, at) => ran === 1 && this.covered[at] === 0 && this.counts[at] === 1);
  }

  /** Takes what ran at the last look for covered. */
  merge(): void {
    for (let at = 0; at < this.ran.length; at++) this.covered[at] |= this.ran[at];
  }

  /** From here on, nothing has run. */
  forget(): void {
    this.covered.fill(0);
    this.look();
  }

  /** The part of the parser's own code that has run, from 0 to 1; undefined where it is not known what that is. */
  get share(): number | undefined {
    let all = 0;
    let run = 0;
    for (let at = 0; at < this.shared.length; at++) {
      all += this.shared[at];
      run += this.shared[at] & this.covered[at];
    }
    return all === 0 ? undefined : run / all;
  }

  private takeFunctions(): Profiler.FunctionCoverage[] {
    let functions: Profiler.FunctionCoverage[] = [];
    // In the same thread the answer is there before `post` returns.
    this.session.post('Profiler.takePreciseCoverage', (error, { result }) => {
      if (error !== null) throw error;
      functions = result.find(({ url }) => url.endsWith(this.bundle))?.functions ?? [];
    });
    return functions;
  }
}

/** 1 where the code is of files that match: esbuild says before each file which one it is. */
function codeOf(bundle: string, pattern: RegExp): Uint8Array {
  const counts = new Uint8Array(bundle.length);
  const files = [...bundle.matchAll(/^\/\/ (\S+\.(?:ts|js|json))$/gm)];
  files.forEach(({ index, 1: file }, i) => {
    if (pattern.test(file)) counts.fill(1, index, files[i + 1]?.index ?? bundle.length);
  });
  return counts;
}
