/** A first look at a file, by which formats tell whether it is one of theirs. */

import type { ByteSource } from './byteSource';
import { CheckpointError } from './checkpoint';
import { containerKind, type ContainerKind } from './containerKind';
import { readDirectory } from './zip/directory';

/** Bytes that tell most formats apart. */
const headLength = 4096;

export class Glimpse {
  readonly kind: ContainerKind;
  /** The first bytes: at most 4096. */
  readonly head: Uint8Array;
  private names?: readonly string[];

  constructor(
    readonly source: ByteSource,
    private readonly file: string,
  ) {
    this.kind = containerKind(source);
    this.head = source.subarray(0, headLength);
  }

  /** Names of a zip archive's entries, in the order of its directory; none of what is no zip, or is a damaged one. */
  get zipNames(): readonly string[] {
    return (this.names ??= this.kind === 'zip' ? this.readNames() : []);
  }

  private readNames(): string[] {
    try {
      return readDirectory(this.source, this.file).records.map(({ name }) => name);
    } catch (error) {
      if (!(error instanceof CheckpointError)) throw error;
      return [];
    }
  }
}
