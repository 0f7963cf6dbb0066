/** What a zip archive turned out to hold. */

import type { ByteSource } from '../byteSource';
import type { ContainerAnomaly } from '../checkpoint';

export interface ByteRange {
  readonly start: number;
  /** First byte after the range. */
  readonly end: number;
}

export interface ZipEntry {
  readonly name: string;
  /** The entry's bytes, inflated where they were deflated; empty where `fault` says why they could not be read. */
  readonly content: ByteSource;
  /** All of `content`; read anew at each look where the archive is not in memory. */
  readonly data: Uint8Array;
  readonly fault?: string;
  /** Header and data in the file, before any data descriptor. */
  readonly range: ByteRange;
  readonly hasDescriptor: boolean;
}

export interface ZipArchive {
  /** In the order of the central directory. */
  readonly entries: readonly ZipEntry[];
  readonly anomalies: readonly ContainerAnomaly[];
  /** Bytes of the file, other than zeros, that belong to no entry and no zip record. */
  readonly unclaimed: readonly ByteRange[];
}
