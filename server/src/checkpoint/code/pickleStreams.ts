/** Follows pickle streams: one after another where they begin, or wherever they may lie. */

import type { ByteSource } from '../byteSource';
import { section } from '../byteSource';
import { limits } from '../limits';
import { hasTextImport, looksLikePickle, textImports } from '../pickle/embedded';
import type { PickleRun } from '../pickle/machine';
import type { PickleImport } from '../pickle/importLog';
import { isPlausible, isSpelledOut } from '../pickle/importLog';
import { runPickle } from '../pickle/machine';
import { isOpcode, newestProtocol, opcode } from '../pickle/opcodes';
import { sweepImports } from '../pickle/sweep';
import type { Evidence } from './evidence';
import { within } from './evidence';

/** How sure it is that some bytes are a pickle. */
export type Expectation =
  /** A loader would run them as one: a break is worth a word. */
  | 'pickle'
  /** Five pickles, then raw storages. */
  | 'legacy'
  /** A file that somebody may try to unpickle, and that may be anything. */
  | 'file'
  /** The beginning of what is something else for sure, and what a loader that takes it for a pickle would run. */
  | 'start'
  /** Part of a file that no loader is known to unpickle. */
  | 'content';

/** Looks at bytes found inside a stream. */
type InspectInner = (bytes: ByteSource, entry: string, depth: number, isUnpickled: boolean) => void;

const legacyStreams = 5;

/** Bytes of the names of an import in which no other one is looked for. */
const longestNames = 200;

/** Bytes of a part of a file by which it is told whether it is a pickle. */
const headLength = 1 << 12;

export class PickleStreams {
  private readonly budget = { left: limits.pickleOperations };
  private readonly sweepBudget = { left: limits.sweepOperations };
  private streamsLeft: number = limits.embeddedStreams;
  /** Whether a part of the file was too long to be searched to its end. */
  leavesSome = false;

  constructor(
    private readonly evidence: Evidence,
    private readonly inspectInner: InspectInner,
  ) {}

  /** Follows the streams that start at the first byte, one after another. False where they are none. */
  follow(source: ByteSource, entry: string, depth: number, expected: Expectation): boolean {
    // Weights are not read for it.
    if (expected === 'content' && !mayBePickle(source)) return false;
    if (expected === 'start' && !this.mayRun(source)) return false;
    const first = this.run(source, 0);
    if (expected === 'start' && !first.imports.some(isSpelledOut)) return false;
    if ((expected === 'file' || expected === 'content') && !this.isConvincing(source, first, expected)) return false;
    this.record(source, first, entry, depth);
    let last = first;
    for (let count = 1; last.fault === undefined && last.end < source.length; count++) {
      if (expected === 'legacy' && count === legacyStreams) return true;
      if (this.streamsLeft-- <= 0) {
        this.evidence.report({ entry, offset: last.end, reason: 'there are more streams than are followed' });
        return true;
      }
      const next = this.run(source, last.end);
      if (next.fault !== undefined && !next.fault.atLimit && next.imports.length === 0) {
        this.reportTrailing(source, last.end, entry);
        this.search(section(source, last.end, source.length), within(entry, `bytes at ${last.end}`), depth);
        return true;
      }
      // Python programs put several pickles into one file; PyTorch's archives hold one an entry.
      if (expected === 'pickle' && count === 1) this.reportTrailing(source, last.end, entry);
      this.record(source, next, entry, depth);
      last = next;
    }
    return true;
  }

  /**
   * Looks for streams anywhere in bytes that no loader is known to run; only those that import something count.
   *
   * @param isSure whether it is worth a word that there were too many places to try all
   */
  search(source: ByteSource, entry: string, depth: number, isSure = true): boolean {
    const bytes = this.searched(source, entry, isSure);
    const runs: PickleRun[] = [];
    for (let at = bytes.indexOf(opcode.PROTO); at >= 0; at = bytes.indexOf(opcode.PROTO, at + 1)) {
      if (bytes[at + 1] > newestProtocol) continue;
      if (this.streamsLeft-- <= 0 || this.budget.left <= 0) {
        if (isSure)
          this.evidence.report({ entry, offset: at, reason: 'there are more possible streams than are followed' });
        return runs.length > 0;
      }
      const run = this.run(bytes, at);
      if (!run.imports.some(isSpelledOut)) continue;
      runs.push(run);
      this.record(bytes, run, entry, depth);
      at = Math.max(at, run.end - 1);
    }
    return this.searchText(bytes, entry, depth, runs) || runs.length > 0;
  }

  /** The same for pickles of protocol 0, which nothing but their imports gives away. */
  private searchText(bytes: Uint8Array, entry: string, depth: number, before: readonly PickleRun[]): boolean {
    const known = new Set(before.flatMap(({ imports }) => imports.flatMap((one) => placesOfNames(bytes, one))));
    let end = 0;
    for (const starts of textImports(bytes)) {
      if (this.streamsLeft <= 0 || this.budget.left <= 0) break;
      const runs = starts.filter((at) => at >= end && !known.has(at)).map((at) => this.runText(bytes, at));
      const [longest, ...shorter] = runs.filter((run) => run !== undefined);
      if (longest === undefined) continue;
      this.record(bytes, longest, entry, depth);
      // The same lines from the middle of the name on, which is what runs where somebody starts there.
      const inner = shorter.map(({ imports: [first] }) => ({ ...first, insteadOf: longest.imports[0].module }));
      this.evidence.addImports(inner, entry);
      end = longest.end;
    }
    return end > 0;
  }

  /** The pickle of protocol 0 that starts at `at`; undefined where numbers only look like one. */
  private runText(bytes: Uint8Array, at: number): PickleRun | undefined {
    if (this.streamsLeft-- <= 0 || this.budget.left <= 0) return undefined;
    const run = this.run(bytes, at);
    // Numbers may hold the lines by chance, but not what calls them as well.
    return run.imports.some((one) => one.called && isSpelledOut(one)) ? run : undefined;
  }

  /**
   * Whether bytes of unknown kind are a pickle. One that breaks counts where it imports something, before the break, as
   * that would happen, or behind it, as others may read on.
   */
  private isConvincing(source: ByteSource, run: PickleRun, expected: 'file' | 'content'): boolean {
    if (run.imports.some(isPlausible) || (run.fault === undefined && run.embedded.length > 0)) return true;
    if (expected === 'file' && (run.fault === undefined || run.fault.atLimit)) return true;
    return run.fault !== undefined && sweepImports(source, run.fault.offset, this.sweepBudget).some(isSpelledOut);
  }

  /** Whether a pickle that starts with the first byte comes to importing something, or does not break early. */
  private mayRun(source: ByteSource): boolean {
    const head = source.subarray(0, limits.checkedEntry);
    const { fault, imports } = this.run(head, 0);
    if (imports.length > 0) return true;
    // Behind the head it may go on.
    const isCut = fault !== undefined && (fault.atLimit || fault.offset >= head.length || isOpcode(head[fault.offset]));
    return isCut && source.length > head.length;
  }

  /** The bytes of what lies in memory; of what has to be read, as much as is looked through. */
  private searched(source: ByteSource, entry: string, tellRest: boolean): Uint8Array {
    if (source instanceof Uint8Array) return source;
    if (source.length > limits.streamBytes) this.leavesSome = true;
    if (tellRest && source.length > limits.streamBytes) {
      const reason = 'what follows was not searched for pickles: it is too long';
      this.evidence.report({ entry, offset: limits.streamBytes, reason });
    }
    return source.subarray(0, limits.streamBytes);
  }

  private run(source: ByteSource, start: number): PickleRun {
    return runPickle(source, start, this.budget);
  }

  private record(source: ByteSource, run: PickleRun, entry: string, depth: number): void {
    this.evidence.addImports(run.imports, entry);
    for (const note of run.notes) this.evidence.report({ entry, ...note });
    if (run.fault !== undefined) {
      const { offset, reason, atLimit } = run.fault;
      const consequence = atLimit ? 'the rest was only skimmed' : 'what comes before it runs all the same';
      const text = `the pickle cannot be followed from here (${reason}); ${consequence}`;
      this.evidence.report({ entry, offset, reason: text });
      this.evidence.addImports(sweepImports(source, offset, this.sweepBudget), entry);
    }
    for (const { offset, bytes: inner, isUnpickled } of run.embedded) {
      const label = within(entry, `bytes at ${offset}`);
      this.inspectInner(inner, label, depth + 1, isUnpickled === true);
    }
  }

  private reportTrailing(source: ByteSource, offset: number, entry: string): void {
    const count = (source.length - offset).toLocaleString('en-US');
    const reason = `${count} bytes follow the end of the pickle, where loaders stop reading`;
    this.evidence.report({ entry, offset, reason });
  }
}

/** Where an import begins, and the bytes of its names where they follow it: an import may seem to begin within them. */
function placesOfNames(bytes: Uint8Array, { module, name, offset }: PickleImport): number[] {
  const isText = bytes[offset] === opcode.GLOBAL || bytes[offset] === opcode.INST;
  const length = isText ? Math.min(module.length + name.length, longestNames) : 0;
  return Array.from({ length: length + 1 }, (_, i) => offset + i);
}

/** Whether bytes begin as a pickle, or have an import of the oldest protocol in them: near the start where they are many. */
function mayBePickle(source: ByteSource): boolean {
  const length = Math.min(source.length, source.length <= limits.checkedEntry ? limits.checkedEntry : headLength);
  const head = source.subarray(0, length);
  return looksLikePickle(head) || hasTextImport(head, length);
}
