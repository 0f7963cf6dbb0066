/** Follows pickle streams: one after another where they begin, or wherever they may lie. */

import type { ByteSource } from '../byteSource';
import { limits } from '../limits';
import { hasTextImport, looksLikePickle, textImports } from '../pickle/embedded';
import type { PickleRun } from '../pickle/machine';
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
type InspectInner = (bytes: Uint8Array, entry: string, depth: number, isUnpickled: boolean) => void;

const legacyStreams = 5;

/** Bytes of a part of a file by which it is told whether it is a pickle. */
const headLength = 1 << 12;

export class PickleStreams {
  private readonly budget = { left: limits.pickleOperations };
  private readonly sweepBudget = { left: limits.sweepOperations };
  private streamsLeft: number = limits.embeddedStreams;

  constructor(
    private readonly evidence: Evidence,
    private readonly inspectInner: InspectInner,
  ) {}

  /** Follows the streams that start at the first byte, one after another. False where they are none. */
  follow(source: ByteSource, entry: string, depth: number, expected: Expectation): boolean {
    // Weights are not read for it.
    if (expected === 'content' && !mayBePickle(source)) return false;
    if (expected === 'start' && !this.mayRun(source)) return false;
    const bytes = this.searched(source, entry, expected === 'pickle');
    const first = this.run(bytes, 0);
    if (expected === 'start' && !first.imports.some(isSpelledOut)) return false;
    if ((expected === 'file' || expected === 'content') && !this.isConvincing(bytes, first, expected)) return false;
    this.record(bytes, first, entry, depth);
    let last = first;
    for (let count = 1; last.fault === undefined && last.end < bytes.length; count++) {
      if (expected === 'legacy' && count === legacyStreams) return true;
      if (this.streamsLeft-- <= 0) {
        this.evidence.report({ entry, offset: last.end, reason: 'there are more streams than are followed' });
        return true;
      }
      const next = this.run(bytes, last.end);
      if (next.fault !== undefined && !next.fault.atLimit && next.imports.length === 0) {
        this.reportTrailing(bytes, last.end, entry);
        this.search(bytes.subarray(last.end), within(entry, `bytes at ${last.end}`), depth);
        return true;
      }
      // Python programs put several pickles into one file; PyTorch's archives hold one an entry.
      if (expected === 'pickle' && count === 1) this.reportTrailing(bytes, last.end, entry);
      this.record(bytes, next, entry, depth);
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
    const known = new Set(before.flatMap(({ imports }) => imports.map(({ offset }) => offset)));
    let end = 0;
    for (const at of textImports(bytes)) {
      if (at < end || known.has(at)) continue;
      if (this.streamsLeft-- <= 0 || this.budget.left <= 0) break;
      const run = this.run(bytes, at);
      // Numbers may hold the lines by chance, but not what calls them as well.
      if (!run.imports.some((one) => one.called && isSpelledOut(one))) continue;
      this.record(bytes, run, entry, depth);
      end = run.end;
    }
    return end > 0;
  }

  /**
   * Whether bytes of unknown kind are a pickle. One that breaks counts where it imports something, before the break, as
   * that would happen, or behind it, as others may read on.
   */
  private isConvincing(bytes: Uint8Array, run: PickleRun, expected: 'file' | 'content'): boolean {
    if (run.imports.some(isPlausible) || (run.fault === undefined && run.embedded.length > 0)) return true;
    if (expected === 'file' && (run.fault === undefined || run.fault.atLimit)) return true;
    return run.fault !== undefined && sweepImports(bytes, run.fault.offset, this.sweepBudget).some(isSpelledOut);
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
    if (tellRest && source.length > limits.streamBytes) {
      const reason = 'what follows was not searched for pickles: it is too long';
      this.evidence.report({ entry, offset: limits.streamBytes, reason });
    }
    return source.subarray(0, limits.streamBytes);
  }

  private run(bytes: Uint8Array, start: number): PickleRun {
    return runPickle(bytes, start, this.budget);
  }

  private record(bytes: Uint8Array, run: PickleRun, entry: string, depth: number): void {
    this.evidence.addImports(run.imports, entry);
    for (const note of run.notes) this.evidence.report({ entry, ...note });
    if (run.fault !== undefined) {
      const { offset, reason, atLimit } = run.fault;
      const consequence = atLimit ? 'the rest was only skimmed' : 'what comes before it runs all the same';
      const text = `the pickle cannot be followed from here (${reason}); ${consequence}`;
      this.evidence.report({ entry, offset, reason: text });
      this.evidence.addImports(sweepImports(bytes, offset, this.sweepBudget), entry);
    }
    for (const { offset, bytes: inner, isUnpickled } of run.embedded) {
      const label = within(entry, `bytes at ${offset}`);
      this.inspectInner(inner, label, depth + 1, isUnpickled === true);
    }
  }

  private reportTrailing(bytes: Uint8Array, offset: number, entry: string): void {
    const count = (bytes.length - offset).toLocaleString('en-US');
    const reason = `${count} bytes follow the end of the pickle, where loaders stop reading`;
    this.evidence.report({ entry, offset, reason });
  }
}

/** Whether bytes begin as a pickle, or have an import of the oldest protocol in them: near the start where they are many. */
function mayBePickle(source: ByteSource): boolean {
  const length = Math.min(source.length, source.length <= limits.checkedEntry ? limits.checkedEntry : headLength);
  const head = source.subarray(0, length);
  return looksLikePickle(head) || hasTextImport(head, length);
}
