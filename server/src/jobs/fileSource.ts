import { closeSync, constants, fstatSync, openSync, readSync, type BigIntStats } from 'node:fs';
import type { ByteSource } from '../checkpoint/byteSource';
import { CheckpointError } from '../checkpoint/checkpoint';
import type { OpenBeside } from '../checkpoint/checkpointFormat';
import { pathBeside } from './filesBeside';
import { plainReason } from './readText';

/** Small reads are served by pages, as headers lie close together or are read in several steps. */
const pageSize = 1 << 12;
const pagesKept = 1024;
/** Larger reads go past the pages. */
const smallRead = 1 << 14;

/** A pipe must not keep whoever opens it until somebody writes. Windows has no such flag, which counts as 0 here. */
export const readingFlags = constants.O_RDONLY | constants.O_NONBLOCK;

/** @throws CheckpointError where what was opened is a folder, a pipe or a device, which may be read without an end */
export function requireRegular(path: string, stats: { isDirectory(): boolean; isFile(): boolean }): void {
  if (stats.isDirectory()) throw new CheckpointError(path, 'this is a folder, not a file');
  if (!stats.isFile()) throw new CheckpointError(path, 'this is no regular file');
}

/**
 * A model file read by ranges. What was opened stays the file even where another takes its name meanwhile. Reads throw
 * CheckpointError with the reason in plain words.
 */
export class FileSource implements ByteSource {
  readonly length: number;
  /** Differs where the file was changed or replaced. */
  readonly version: string;
  private readonly pages = new Map<number, Uint8Array>();

  private constructor(
    readonly path: string,
    private readonly descriptor: number,
    stats: BigIntStats,
  ) {
    this.length = Number(stats.size);
    this.version = [stats.size, stats.mtimeNs, stats.ctimeNs, stats.ino].join(':');
  }

  /**
   * Opens a file, and those beside it that it belongs together with, for as long as `use` takes.
   *
   * @throws CheckpointError where it cannot be opened or is no file; what `use` throws
   */
  static async with<T>(path: string, use: (source: FileSource, openBeside: OpenBeside) => T | Promise<T>): Promise<T> {
    const opened = new Map<string, FileSource>();
    const open = (file: string): FileSource => {
      const source = opened.get(file) ?? FileSource.open(file);
      opened.set(file, source);
      return source;
    };
    try {
      return await use(open(path), (name) => open(pathBeside(path, name)));
    } finally {
      for (const source of opened.values()) closeSync(source.descriptor);
    }
  }

  private static open(path: string): FileSource {
    const descriptor = plainly(path, () => openSync(path, readingFlags));
    try {
      const stats = plainly(path, () => fstatSync(descriptor, { bigint: true }));
      requireRegular(path, stats);
      return new FileSource(path, descriptor, stats);
    } catch (error) {
      closeSync(descriptor);
      throw error;
    }
  }

  subarray(start: number, end: number): Uint8Array {
    const last = Math.min(end, this.length);
    if (start >= last) return new Uint8Array();
    if (last - start > smallRead) return this.read(start, last);
    const first = this.page(Math.floor(start / pageSize));
    const from = start % pageSize;
    if (from + last - start <= first.length) return first.subarray(from, from + last - start);
    const bytes = new Uint8Array(last - start);
    for (let at = start; at < last;) {
      const page = this.page(Math.floor(at / pageSize));
      const part = page.subarray(at % pageSize, (at % pageSize) + last - at);
      bytes.set(part, at - start);
      at += part.length;
    }
    return bytes;
  }

  private page(index: number): Uint8Array {
    const kept = this.pages.get(index);
    if (kept !== undefined) return kept;
    const page = this.read(index * pageSize, Math.min((index + 1) * pageSize, this.length));
    if (this.pages.size >= pagesKept) this.pages.clear();
    this.pages.set(index, page);
    return page;
  }

  private read(start: number, end: number): Uint8Array {
    const bytes = new Uint8Array(end - start);
    let filled = 0;
    while (filled < bytes.length) {
      const at = start + filled;
      const count = plainly(this.path, () => readSync(this.descriptor, bytes, filled, bytes.length - filled, at));
      if (count === 0) throw new CheckpointError(this.path, 'it became shorter while it was read', at);
      filled += count;
    }
    return bytes;
  }
}

function plainly<T>(path: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw new CheckpointError(path, plainReason(error));
  }
}
