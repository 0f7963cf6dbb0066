import { open, readdir, stat, unlink, utimes } from 'node:fs/promises';
import path from 'node:path';
import { makeFolder, writeWhole } from '../writeWhole';
import type { Check } from './checks';
import { decodeEntry, encodeEntry, entryName, isEntryFile, type CachedResult, type ResultKey } from './entry';

export interface ResultCacheOptions {
  /** Made when something is kept for the first time. Other files in it are left alone. */
  readonly folder: string;
  /** Bytes of all entries together; what was not used for longest goes. Default 32 MB. */
  readonly capacity?: number;
  /** Hears, once, why results cannot be kept. */
  readonly onFailure?: (reason: string) => void;
}

/** No result is as large; what is was not written by us. */
const largestEntry = 2 ** 22;
/** Share of the capacity that is left in use when there was too much. */
const keptShare = 0.8;
/** The folder is looked at again after so large a share of its capacity was written. */
const writtenShare = 0.1;

/**
 * Results by what they depend on, a file each. Several processes may use a folder at the same time: entries appear
 * whole or not at all, and whoever finds one gone computes anew. What cannot be read, or is not what was asked for, is
 * as good as absent, and replaced.
 */
export class ResultCache {
  private readonly capacity: number;
  /** Bytes written since the folder was last looked at. */
  private written = Infinity;
  private failed = false;
  private work: Promise<void> = Promise.resolve();

  constructor(private readonly options: ResultCacheOptions) {
    this.capacity = options.capacity ?? 32e6;
  }

  /** What was kept for a key. Never throws. @param check refuses what is no such result */
  async get<T>(key: ResultKey, check: Check<T>): Promise<CachedResult<T> | undefined> {
    const file = this.fileOf(key);
    const text = await readSmall(file).catch(() => undefined);
    const found = text === undefined ? undefined : decodeEntry(text, key, check);
    const now = new Date();
    // The time of the last use decides what goes first. That it cannot be set does no harm.
    if (found) await utimes(file, now, now).catch(() => undefined);
    return found;
  }

  /** Keeps a result, in place of what was kept for the key before. Never throws. */
  put<T>(key: ResultKey, result: T, check: Check<T>): Promise<void> {
    const text = encodeEntry(key, { result, computed: new Date().toISOString() }, check);
    if (text === undefined || text.length > largestEntry) return Promise.resolve();
    this.work = this.work
      .then(() => this.write(this.fileOf(key), text))
      .catch((error: unknown) => this.fail(error instanceof Error ? error.message : String(error)));
    return this.work;
  }

  /** Removes all that was kept, also by others. Never throws. */
  clear(): Promise<void> {
    this.work = this.work
      .then(async () => {
        for (const { file } of await this.files()) await unlink(file).catch(() => undefined);
      })
      .catch(() => undefined); // there is no such folder
    return this.work;
  }

  private fileOf(key: ResultKey): string {
    return path.join(this.options.folder, entryName(key));
  }

  private async write(file: string, text: string): Promise<void> {
    // Reports name what a user works on: nobody else's business.
    await makeFolder(this.options.folder, 0o700);
    await writeWhole(file, text, { overwrite: true });
    this.written += text.length;
    if (this.written > writtenShare * this.capacity) await this.removeLeastUsed();
  }

  private async removeLeastUsed(): Promise<void> {
    this.written = 0;
    const files = await this.files();
    let total = files.reduce((sum, { bytes }) => sum + bytes, 0);
    if (total <= this.capacity) return;
    files.sort((a, b) => a.used - b.used);
    for (const { file, bytes } of files) {
      if (total <= keptShare * this.capacity) break;
      await unlink(file).catch(() => undefined); // another process was faster
      total -= bytes;
    }
  }

  /** All entries, and parts of entries whose writer died. What else is in the folder belongs to somebody else. */
  private async files(): Promise<{ file: string; bytes: number; used: number }[]> {
    const names = await readdir(this.options.folder);
    const found = [];
    for (const name of names.filter(isEntryFile)) {
      const file = path.join(this.options.folder, name);
      const entry = await stat(file).catch(() => undefined);
      if (entry?.isFile()) found.push({ file, bytes: entry.size, used: entry.mtimeMs });
    }
    return found;
  }

  private fail(reason: string): void {
    if (!this.failed) this.options.onFailure?.(reason);
    this.failed = true;
  }
}

async function readSmall(file: string): Promise<string | undefined> {
  const handle = await open(file);
  try {
    const { size } = await handle.stat();
    return size <= largestEntry ? await handle.readFile('utf8') : undefined;
  } finally {
    await handle.close();
  }
}
