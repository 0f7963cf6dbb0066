/** Walks a file's containers and pickle streams and gathers what loading them would import. */

import type { ByteSource } from './byteSource';
import { section, wholeOf } from './byteSource';
import type { ContainerAnomaly, PickleGlobal } from './checkpoint';
import { CheckpointError } from './checkpoint';
import { containerKind, startsAsZip } from './containerKind';
import { limits } from './limits';
import type { PickleImport } from './pickle/importLog';
import type { PickleRun } from './pickle/machine';
import { runPickle } from './pickle/machine';
import { newestProtocol, opcode } from './pickle/opcodes';
import { sweepImports } from './pickle/sweep';
import { readTar } from './tar';
import type { ZipEntry } from './zip/archive';
import type { ChecksumRule } from './zip/readZip';
import { readZip } from './zip/readZip';

export interface CodeInspection {
  readonly globals: PickleGlobal[];
  readonly anomalies: ContainerAnomaly[];
  /** False where the file is of no format that is known here, so that nothing can be said about it. */
  readonly inspected: boolean;
}

/** How sure it is that some bytes are a pickle. */
type Expectation =
  /** A loader would run them as one: a break is worth a word. */
  | 'pickle'
  /** Five pickles, then raw storages. */
  | 'legacy'
  /** A file that somebody may try to unpickle, and that may be anything. */
  | 'file'
  /** Part of a file that no loader is known to unpickle. */
  | 'content';

const legacyStreams = 5;

export class CodeInspector {
  private readonly globals: PickleGlobal[] = [];
  private readonly anomalies: ContainerAnomaly[] = [];
  private readonly budget = { left: limits.pickleOperations };
  private streamsLeft: number = limits.embeddedStreams;

  /** @param isChecked which entries of archives have their checksums compared; default: all */
  constructor(
    private readonly file: string,
    private readonly isChecked?: ChecksumRule,
  ) {}

  inspectFile(source: ByteSource): CodeInspection {
    const inspected = this.inspect(source, '', 0);
    return { globals: this.globals, anomalies: this.anomalies, inspected };
  }

  /** Looks into `source`, shown to people as `entry`. False where it is nothing that is known here. */
  private inspect(source: ByteSource, entry: string, depth: number): boolean {
    if (depth > limits.nesting) {
      this.report({ entry, reason: 'streams are nested deeper than is looked into' });
      return false;
    }
    switch (containerKind(source)) {
      case 'prefixed-zip':
        // PyTorch unpickles such a file from its first byte.
        this.inspectStreams(source, entry, depth, 'file');
        this.inspectZip(source, entry, depth);
        return true;
      case 'zip':
        this.inspectZip(source, entry, depth);
        return true;
      case 'tar':
        this.inspectTar(wholeOf(source), entry, depth);
        return true;
      case 'legacy-pytorch':
        return this.inspectStreams(source, entry, depth, 'legacy');
      case 'safetensors':
        if (this.inspectStreams(source, entry, depth, 'content')) {
          this.report({ entry, reason: 'it is a safetensors file and a pickle at once' });
        }
        return true;
      case 'other':
        return this.inspectStreams(source, entry, depth, depth === 0 ? 'file' : 'content');
    }
  }

  private inspectZip(source: ByteSource, entry: string, depth: number): void {
    try {
      const zip = readZip(source, this.file, this.isChecked);
      for (const anomaly of zip.anomalies) {
        this.report({ ...anomaly, entry: anomaly.entry === undefined ? entry : within(entry, anomaly.entry) });
      }
      for (const member of zip.entries) this.inspectZipEntry(member, entry, depth);
      for (const { start, end } of zip.unclaimed) {
        // What comes first was looked at as a pickle already.
        if (start > 0) this.searchStreams(section(source, start, end), within(entry, `bytes at ${start}`), depth);
      }
    } catch (error) {
      if (!(error instanceof CheckpointError)) throw error;
      this.report({ entry, offset: error.offset, reason: error.reason });
      this.searchStreams(source, entry, depth);
    }
  }

  private inspectZipEntry({ name, content, fault }: ZipEntry, entry: string, depth: number): void {
    if (fault !== undefined) return;
    const label = within(entry, name);
    if (/\.(pkl|pickle)$/i.test(name)) this.inspectStreams(content, label, depth, 'pickle');
    else if (startsAsZip(content)) this.inspect(content, label, depth + 1);
    else this.inspectStreams(content, label, depth, 'content');
  }

  private inspectTar(bytes: Uint8Array, entry: string, depth: number): void {
    try {
      for (const { name, data } of readTar(bytes, this.file)) {
        const label = within(entry, name);
        // Members mix streams and raw numbers.
        if (!this.inspectStreams(data, label, depth, 'content')) this.searchStreams(data, label, depth);
      }
    } catch (error) {
      if (!(error instanceof CheckpointError)) throw error;
      this.report({ entry, offset: error.offset, reason: error.reason });
      this.searchStreams(bytes, entry, depth);
    }
  }

  /** Follows the pickle streams that start at the first byte, one after another. False where they are none. */
  private inspectStreams(source: ByteSource, entry: string, depth: number, expected: Expectation): boolean {
    // Weights are not read for it: other numbers than these are no protocol.
    const [code, protocol] = source.subarray(0, 2);
    if (expected === 'content' && (code !== opcode.PROTO || protocol > newestProtocol)) return false;
    const bytes = this.searched(source, entry, expected === 'pickle');
    const first = this.run(bytes, 0);
    if ((expected === 'file' || expected === 'content') && !isConvincing(first, expected)) return false;
    this.record(bytes, first, entry, depth);
    let last = first;
    for (let count = 1; last.fault === undefined && last.end < bytes.length; count++) {
      if (expected === 'legacy' && count === legacyStreams) return true;
      if (this.streamsLeft-- <= 0) {
        this.report({ entry, offset: last.end, reason: 'there are more streams than are followed' });
        return true;
      }
      const next = this.run(bytes, last.end);
      if (next.fault !== undefined && !next.fault.atLimit && next.imports.length === 0) {
        this.reportTrailing(bytes, last.end, entry);
        this.searchStreams(bytes.subarray(last.end), within(entry, `bytes at ${last.end}`), depth);
        return true;
      }
      // Python programs put several pickles into one file; PyTorch's archives hold one an entry.
      if (expected === 'pickle' && count === 1) this.reportTrailing(bytes, last.end, entry);
      this.record(bytes, next, entry, depth);
      last = next;
    }
    return true;
  }

  /** Looks for streams anywhere in bytes that no loader is known to run; only those that import something count. */
  private searchStreams(source: ByteSource, entry: string, depth: number): void {
    const bytes = this.searched(source, entry, true);
    for (let at = bytes.indexOf(opcode.PROTO); at >= 0; at = bytes.indexOf(opcode.PROTO, at + 1)) {
      if (bytes[at + 1] > newestProtocol) continue;
      if (this.streamsLeft-- <= 0) {
        this.report({ entry, offset: at, reason: 'there are more possible streams than are followed' });
        return;
      }
      const run = this.run(bytes, at);
      if (!run.imports.some(isPlausible)) continue;
      this.record(bytes, run, entry, depth);
      at = Math.max(at, run.end - 1);
    }
  }

  /** The bytes of what lies in memory; of what has to be read, as much as is looked through. */
  private searched(source: ByteSource, entry: string, tellRest: boolean): Uint8Array {
    if (source instanceof Uint8Array) return source;
    if (tellRest && source.length > limits.streamBytes) {
      this.report({
        entry,
        offset: limits.streamBytes,
        reason: 'what follows was not searched for pickles: it is too long',
      });
    }
    return source.subarray(0, limits.streamBytes);
  }

  private run(bytes: Uint8Array, start: number): PickleRun {
    return runPickle(bytes, start, this.budget);
  }

  private record(bytes: Uint8Array, run: PickleRun, entry: string, depth: number): void {
    this.keep(run.imports, entry);
    for (const note of run.notes) this.report({ entry, ...note });
    if (run.fault !== undefined) {
      const { offset, reason, atLimit } = run.fault;
      const consequence = atLimit ? 'the rest was only skimmed' : 'what comes before it runs all the same';
      this.report({ entry, offset, reason: `the pickle cannot be followed from here (${reason}); ${consequence}` });
      this.keep(sweepImports(bytes, offset), entry);
    }
    for (const { offset, bytes: inner } of run.embedded) {
      this.inspect(inner, within(entry, `bytes at ${offset}`), depth + 1);
    }
  }

  private keep(imports: readonly PickleImport[], entry: string): void {
    for (const record of imports) this.globals.push({ ...record, entry });
  }

  private reportTrailing(bytes: Uint8Array, offset: number, entry: string): void {
    const count = (bytes.length - offset).toLocaleString('en-US');
    this.report({ entry, offset, reason: `${count} bytes follow the end of the pickle, where loaders stop reading` });
  }

  private report(anomaly: ContainerAnomaly): void {
    if (this.anomalies.length < limits.anomalies) this.anomalies.push(anomaly);
  }
}

/** `outer > inner`, without the outer name where there is none. */
function within(outer: string, inner: string): string {
  return outer === '' ? inner : `${outer} > ${inner}`;
}

/** Whether bytes of unknown kind are a pickle. One that breaks counts where it imports something, as that would happen. */
function isConvincing(run: PickleRun, expected: 'file' | 'content'): boolean {
  if (run.imports.some(isPlausible) || (run.fault === undefined && run.embedded.length > 0)) return true;
  return expected === 'file' && (run.fault === undefined || run.fault.atLimit);
}

/** Whether an import could succeed: names made of letters, digits and a few signs. */
function isPlausible({ module, name }: PickleImport): boolean {
  return [module, name].every((text) => text.length < 200 && /^[\p{L}\p{N}_.[\]()-]+$/u.test(text));
}
