/** What a file format has to offer to be read here; `formats.ts` lists those there are. */

import type { ByteSource } from './byteSource';
import type { Checkpoint, FormatId } from './checkpoint';
import type { Glimpse } from './glimpse';
import type { ViewedTensor } from './stridedView';
import type { ChecksumRule } from './zip/readZip';

/** Plain data of a file beside its tensors. */
export interface Extras {
  /** Plain data as text: texts as they are, everything else as JSON. */
  readonly plain: Readonly<Record<string, string>>;
  /** Keys of what is no plain data, or too long. */
  readonly others: readonly string[];
}

export const noExtras: Extras = { plain: {}, others: [] };

export interface OpenCheckpoint extends Checkpoint {
  /** Tensors that are read when their values are asked for, whole or in parts (`tensorParts.ts`). */
  readonly tensors: ReadonlyMap<string, ViewedTensor>;
  readonly extras: Extras;
}

/**
 * Opens the file `name` that a model names beside itself, for models of several files. `requireBeside` has passed the
 * name. Throws CheckpointError where there is no such file or it cannot be read.
 */
export type OpenBeside = (name: string) => ByteSource;

export interface FormatOptions {
  /** Names the file in errors. */
  readonly file: string;
  /** Which parts have their checksums compared, by name and size. */
  readonly isChecked: ChecksumRule;
  /** Allow tensors that are too large to be read in one piece. */
  readonly largeTensors: boolean;
  readonly openBeside: OpenBeside;
}

/** A tensor's new values, row-major, by the name it has in `Checkpoint.tensors`. */
export type Replacements = ReadonlyMap<string, ArrayLike<number>>;

/** A model with other numbers, as files. */
export interface RewrittenModel {
  /** The model file itself: of a model of several files, the one that names the others. */
  readonly bytes: Uint8Array;
  /** Files that have to lie beside it, by name. */
  readonly beside: ReadonlyMap<string, Uint8Array>;
}

export interface RewriteOptions extends FormatOptions {
  /** What a file beside the copy is to be called that is called `name` beside the original. */
  readonly renamed: (name: string) => string;
}

/**
 * One file format. All that is asked of it are pure functions over bytes, with the limits of `limits.ts`; what cannot be
 * read throws CheckpointError, and reading a source may throw what that throws.
 */
export interface CheckpointFormat {
  readonly id: FormatId;
  /** Whether a file is of this format, by its content. Looks at no more than a few kilobytes. Throws nothing. */
  matches(glimpse: Glimpse): boolean;
  /**
   * Reads names, element types and shapes, and no tensor data. A tensor that cannot be read goes to `unread`.
   *
   * @throws CheckpointError where the file is damaged or holds no tensors
   */
  open(source: ByteSource, options: FormatOptions): OpenCheckpoint;
  /**
   * The same file with other numbers in some tensors and everything else kept. Absent where models are not written back.
   *
   * @throws CheckpointError where the file cannot be read, a name is unknown, a value does not fit the element type, or
   *   tensors that share elements would contradict each other
   */
  rewrite?(bytes: Uint8Array, replacements: Replacements, options: RewriteOptions): RewrittenModel;
  /** Names of the files that belong to a model of several files, in order, each once. Absent for those of one file. */
  filesBeside?(source: ByteSource, file: string): readonly string[];
}
