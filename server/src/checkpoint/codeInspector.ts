/** Walks a file's containers and gathers what loading them would import, run or read. */

import type { ByteSource } from './byteSource';
import { section, wholeOf } from './byteSource';
import type { ContainerAnomaly, PickleGlobal } from './checkpoint';
import { CheckpointError } from './checkpoint';
import type { CodeMention } from './code/codeMention';
import { Evidence, within } from './code/evidence';
import { hdf5Mentions } from './code/hdf5Code';
import { findJson, jsonOf, looksLikeJson } from './code/jsonText';
import { kerasMentions } from './code/kerasConfig';
import { onnxMentions } from './code/onnxCode';
import { closedTitle, inflate, inflatedAs } from './code/packed';
import type { Inflated } from './code/packed';
import type { Expectation } from './code/pickleStreams';
import { PickleStreams } from './code/pickleStreams';
import { mobileMentions, torchScriptMentions } from './code/torchScriptCode';
import { sourceMention, traitsOf } from './code/archiveTraits';
import type { ArchiveTraits } from './code/archiveTraits';
import { containerKind, startsAsZip } from './containerKind';
import { readContents } from './hdf5/contents';
import { behindUserBlock, looksLikeHdf5 } from './hdf5/superblock';
import { limits } from './limits';
import { looksLikeNpy, NpyFault, readNpyHeader } from './numpy/header';
import { looksLikeOnnx, readModel } from './onnx/model';
import { WireFault } from './onnx/wire';
import { readTar } from './tar';
import type { ByteRange, ZipArchive, ZipEntry } from './zip/archive';
import { hasDirectory } from './zip/directory';
import type { ChecksumRule } from './zip/readZip';
import { readZip } from './zip/readZip';

export interface CodeInspection {
  readonly globals: readonly PickleGlobal[];
  readonly anomalies: readonly ContainerAnomaly[];
  readonly mentions: readonly CodeMention[];
  /** False where the file is of no format that is known here, so that nothing can be said about it. */
  readonly inspected: boolean;
}

/** Bytes that tell what the parts of a file are. */
const headLength = 64;

export class CodeInspector {
  private readonly evidence = new Evidence();
  private readonly inflateBudget = { left: limits.inflatedTotal };
  private readonly streams = new PickleStreams(this.evidence, (bytes, entry, depth, isUnpickled) => {
    if (this.inspect(bytes, entry, depth) || !isUnpickled) return;
    if (!this.streams.follow(bytes, entry, depth, 'start')) {
      this.evidence.report({ entry, reason: 'it unpickles bytes that are no pickle which can be followed' });
    }
  });

  /** @param isChecked which entries of archives have their checksums compared; default: all */
  constructor(
    private readonly file: string,
    private readonly isChecked?: ChecksumRule,
  ) {}

  inspectFile(source: ByteSource): CodeInspection {
    const inspected = this.inspect(source, '', 0);
    this.inspectBehindUserBlock(source);
    const { globals, anomalies, mentions } = this.evidence;
    return { globals, anomalies, mentions, inspected };
  }

  /** Whether a part of what was inspected by ranges was too long to be searched for pickles to its end. */
  get leavesSome(): boolean {
    return this.streams.leavesSome;
  }

  /** Looks into `source`, shown to people as `entry`. False where it is nothing that is known here. */
  private inspect(source: ByteSource, entry: string, depth: number): boolean {
    if (depth > limits.nesting) {
      this.evidence.report({ entry, reason: 'streams are nested deeper than is looked into' });
      return false;
    }
    const kind = containerKind(source);
    switch (kind) {
      case 'prefixed-zip':
        // PyTorch unpickles such a file from its first byte, and others take it for what it begins as.
        this.inspectKnown(source, entry, depth, 'file');
        this.inspectZip(source, entry, depth);
        return true;
      case 'zip':
        this.inspectZip(source, entry, depth);
        return true;
      case 'tar':
        // The name of the first member is what pickle would run.
        if (this.streams.follow(source, entry, depth, 'start')) {
          this.evidence.report({ entry, reason: 'it is a tar archive and a pickle at once' });
        }
        this.inspectSecondArchive(source, entry, depth, 'a tar archive');
        this.inspectTar(source, entry, depth);
        return true;
      case 'legacy-pytorch':
        this.inspectSecondArchive(source, entry, depth, 'a legacy PyTorch file');
        return this.streams.follow(source, entry, depth, 'legacy');
      case 'safetensors':
        if (this.streams.follow(source, entry, depth, 'start')) {
          this.evidence.report({ entry, reason: 'it is a safetensors file and a pickle at once' });
        }
        this.inspectSecondArchive(source, entry, depth, 'a safetensors file');
        return true;
      default:
        return this.inspectOther(source, entry, depth, depth === 0 ? 'file' : 'content');
    }
  }

  /** Files that are an archive as well, which is what some loaders take them for. */
  private inspectSecondArchive(source: ByteSource, entry: string, depth: number, what: string): void {
    if (!hasDirectory(source)) return;
    this.evidence.report({
      entry,
      reason: `it is ${what} and a zip archive at once: which one is read depends on the loader`,
    });
    this.inspectZip(source, entry, depth);
  }

  /** HDF5 may begin behind a block that it leaves to others, so that the file is something else as well. */
  private inspectBehindUserBlock(source: ByteSource): void {
    const start = behindUserBlock(source);
    if (start === undefined) return;
    const reason = 'an HDF5 file begins here, which is what readers of HDF5 open';
    this.evidence.report({ entry: '', offset: start, reason });
    this.inspectHdf5(section(source, start, source.length), `bytes at ${start}`, 1);
  }

  private inspectOther(source: ByteSource, entry: string, depth: number, expected: Expectation): boolean {
    if (this.inspectKnown(source, entry, depth, expected)) return true;
    // A picture or a document with a pickle in it is no model, but nothing that should pass in silence either.
    if (depth === 0 && closedTitle(source.subarray(0, headLength)) === undefined) {
      this.streams.search(source, entry, depth, false);
    }
    return false;
  }

  private inspectKnown(source: ByteSource, entry: string, depth: number, expected: Expectation): boolean {
    const head = source.subarray(0, headLength);
    const inflated = inflatedAs(head);
    if (inflated !== undefined && this.inspectInflated(source, inflated, entry, depth)) return true;
    const closed = closedTitle(head);
    if (closed !== undefined && source.length > headLength) {
      // A pickle may begin with the same bytes: numbers and byte strings that nobody uses.
      if (this.streams.follow(source, entry, depth, 'file')) return true;
      // Of a whole file that is said in other words: it is none that is known here.
      const reason = `it is a ${closed}, which is not looked into`;
      if (depth > 0) this.evidence.report({ entry, offset: 0, reason, isUnread: true });
      return false;
    }
    if (looksLikeNpy(head)) return this.inspectNpy(source, entry, depth);
    if (looksLikeHdf5(head)) return this.inspectHdf5(source, entry, depth);
    if (looksLikeJson(source) && this.inspectJson(source, entry)) return true;
    if (depth === 0 && looksLikeOnnx(source)) return this.inspectOnnx(source, entry);
    return this.streams.follow(source, entry, depth, expected);
  }

  private inspectInflated(source: ByteSource, as: Inflated, entry: string, depth: number): boolean {
    const bytes = inflate(source, as, this.inflateBudget);
    if (bytes === 'damaged') return false;
    if (bytes === 'large') {
      this.evidence.report({ entry, offset: 0, reason: `its ${as} stream inflates to more than is read (a bomb)` });
      return true;
    }
    const label = within(entry, as);
    // What somebody compressed is a file of its own: joblib writes pickles so.
    if (!this.inspect(bytes, label, depth + 1)) return this.streams.follow(bytes, label, depth + 1, 'file');
    return true;
  }

  /** Behind the header come numbers, or a pickle where the elements are objects. */
  private inspectNpy(source: ByteSource, entry: string, depth: number): boolean {
    try {
      const { dataStart, isPickled } = readNpyHeader(source, true);
      const data = section(source, dataStart, source.length);
      const label = within(entry, `bytes at ${dataStart}`);
      this.streams.follow(data, label, depth, isPickled ? 'pickle' : 'start');
    } catch (error) {
      if (!(error instanceof NpyFault)) throw error;
      this.evidence.report({ entry, offset: error.offset, reason: error.reason });
      this.streams.search(source, entry, depth);
    }
    return true;
  }

  /**
   * Configurations of Keras are attributes, which are never compressed, so that all of a file in memory is searched for
   * them, and for pickles. Of a file that is read by ranges the attributes are looked at where Keras has them.
   */
  private inspectHdf5(source: ByteSource, entry: string, depth: number): boolean {
    const isInMemory = source instanceof Uint8Array;
    if (isInMemory) this.searchHdf5(source, entry, depth);
    try {
      const contents = readContents(source, { file: this.file, entry, largeTensors: true });
      this.evidence.addMentions(hdf5Mentions(contents, entry));
      for (const texts of contents.attributes('').values()) {
        // What is searched anyway counts once.
        for (const text of isInMemory ? [] : texts) this.inspectJson(Buffer.from(text), entry);
      }
      return true;
    } catch (error) {
      if (!(error instanceof CheckpointError)) throw error;
      this.evidence.report({ entry, offset: error.offset, reason: error.reason });
      if (!isInMemory) this.searchHdf5(source, entry, depth);
      return false;
    }
  }

  private searchHdf5(source: ByteSource, entry: string, depth: number): void {
    this.inspectConfigurations(source, entry);
    this.streams.search(source, entry, depth, false);
  }

  private inspectOnnx(source: ByteSource, entry: string): boolean {
    try {
      this.evidence.addMentions(onnxMentions(readModel(source), entry));
      return true;
    } catch (error) {
      if (!(error instanceof WireFault)) throw error;
      this.evidence.report({ entry, offset: error.offset, reason: `the ONNX model is damaged: ${error.reason}` });
      return false;
    }
  }

  /** JSON is plain data, but for what a loader of Keras makes of it. False where it is neither. */
  private inspectJson(source: ByteSource, entry: string): boolean {
    const value = jsonOf(source);
    if (value === undefined) return this.inspectConfigurations(source, entry);
    this.addConfiguration(value, 0, entry);
    return true;
  }

  /** Looks for Keras configurations. False where there are none. */
  private inspectConfigurations(source: ByteSource, entry: string): boolean {
    if (source.length > limits.streamBytes) {
      const reason = 'what follows was not searched for configurations of Keras: it is too long';
      this.evidence.report({ entry, offset: limits.streamBytes, reason });
    }
    const { found, isComplete } = findJson(source.subarray(0, limits.streamBytes), 'class_name');
    if (!isComplete) {
      this.evidence.report({ entry, reason: 'there are more configurations of Keras than are looked into' });
    }
    let isKeras = false;
    for (const { value, offset } of found) isKeras = this.addConfiguration(value, offset, entry) || isKeras;
    return isKeras;
  }

  /** Adds what is in a value of JSON. False where it is no configuration of Keras. */
  private addConfiguration(value: unknown, offset: number, entry: string): boolean {
    const told = kerasMentions(value, entry);
    if (told === undefined) return false;
    if (!told.isComplete) {
      const reason = 'a configuration of Keras has more values than are looked into';
      this.evidence.report({ entry, offset, reason });
    }
    this.evidence.addMentions(told.mentions.map((mention) => ({ offset, ...mention })));
    return true;
  }

  private inspectZip(source: ByteSource, entry: string, depth: number): void {
    try {
      const zip = readZip(source, this.file, this.isChecked);
      for (const anomaly of zip.anomalies) {
        this.evidence.report({ ...anomaly, entry: anomaly.entry === undefined ? entry : within(entry, anomaly.entry) });
      }
      const traits = traitsOf(zip.entries.map(({ name }) => name));
      for (const member of zip.entries) this.inspectZipEntry(member, entry, depth, traits);
      for (const { start, end } of besideEntries(zip, source)) {
        this.streams.search(section(source, start, end), within(entry, `bytes at ${start}`), depth);
      }
    } catch (error) {
      if (!(error instanceof CheckpointError)) throw error;
      this.evidence.report({ entry, offset: error.offset, reason: error.reason });
      this.streams.search(source, entry, depth);
    }
  }

  private inspectZipEntry(
    { name, content, fault }: ZipEntry,
    entry: string,
    depth: number,
    { isPackage, hasArena }: ArchiveTraits,
  ): void {
    const label = within(entry, name);
    if (fault !== undefined) return;
    // PyTorch looks names up without regard to case.
    if (/\.py$/i.test(name) && (isPackage || !/(^|\/)code\//i.test(name))) {
      this.evidence.addMentions([sourceMention(label)]);
    }
    if (startsAsZip(content)) this.inspect(content, label, depth + 1);
    else if (/\.(pkl|pickle)$/i.test(name)) this.streams.follow(content, label, depth, 'pickle');
    else if (/(^|\/)code\/.*\.py$/i.test(name)) this.inspectScript(content, label);
    else this.inspectOther(content, label, depth + 1, 'content');
    if (/(^|\/)bytecode\.pkl$/i.test(name)) this.inspectScript(content, label, mobileMentions);
    else if (hasArena && !/\.(pkl|py)$/i.test(name)) this.inspectScript(content, label);
  }

  private inspectScript(content: ByteSource, entry: string, mentionsOf = torchScriptMentions): void {
    if (content.length > limits.scriptBytes) {
      this.evidence.report({ entry, reason: 'the code is too long to be looked into' });
      return;
    }
    this.evidence.addMentions(mentionsOf(Buffer.from(wholeOf(content)).toString('latin1'), entry));
  }

  private inspectTar(source: ByteSource, entry: string, depth: number): void {
    try {
      for (const { name, data, oddity } of readTar(source, this.file)) {
        const label = within(entry, name);
        if (oddity !== undefined) this.evidence.report({ entry: label, reason: oddity });
        // Members mix streams and raw numbers.
        if (this.inspect(data, label, depth + 1) || this.streams.follow(data, label, depth, 'start')) continue;
        this.streams.search(data, label, depth);
      }
    } catch (error) {
      if (!(error instanceof CheckpointError)) throw error;
      this.evidence.report({ entry, offset: error.offset, reason: error.reason });
      this.streams.search(source, entry, depth);
    }
  }
}

/**
 * What lies between the entries, and everything behind them: the directory with its extra fields, comments, and what
 * follows. What comes first was looked at as a pickle already.
 */
function besideEntries({ entries, unclaimed }: ZipArchive, source: ByteSource): ByteRange[] {
  const behind = entries.reduce((end, { range }) => Math.max(end, range.end), 0);
  const between = unclaimed.filter(({ start }) => start > 0 && start < behind);
  return [...between, { start: behind, end: source.length }];
}
