import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Redis } from 'ioredis';
import { contentKey, keptFor, needsKey } from './keys';

/** Content travels in pieces of this many bytes. */
export const chunkBytes = 512 * 1024;
/** Largest file that travels through a queue; larger ones must lie where workers see them. */
export const mostContentBytes = 256 * 2 ** 20;

/** Content that is not, or not whole, in the queue: it was let go, or is other than its hash says. */
export class ContentMissingError extends Error {
  override readonly name = 'ContentMissingError';

  constructor(
    readonly sha256: string,
    reason: string,
  ) {
    super(`the content ${sha256.slice(0, 12)} ${reason}`);
  }
}

/** Field that says that all chunks are there: the number of bytes. */
const whole = 'bytes';

/** Says whether content is whole, and that a job needs it, in one step: nobody lets it go in between. */
const claimScript = `
  redis.call('SADD', KEYS[2], ARGV[1])
  redis.call('EXPIRE', KEYS[2], ARGV[2])
  redis.call('EXPIRE', KEYS[1], ARGV[2])
  return redis.call('HEXISTS', KEYS[1], ARGV[3])`;

/** Lets content go when no job needs it any more. */
const releaseScript = `
  redis.call('SREM', KEYS[2], ARGV[1])
  if redis.call('SCARD', KEYS[2]) == 0 then return redis.call('UNLINK', KEYS[1]) end
  return 0`;

/** Files by their content, in chunks, in the memory of Redis: there while a job needs them. */
export class ContentStore {
  constructor(private readonly client: Redis) {}

  /**
   * Says that a job needs some contents.
   *
   * @returns those that are not there
   */
  async claim(job: string, contents: readonly string[]): Promise<string[]> {
    const there = await this.each(contents, (keys) => ['eval', claimScript, 2, ...keys, job, keptFor, whole]);
    return contents.filter((_, i) => there[i] !== 1);
  }

  /** A job needs some contents no more. */
  async release(job: string, contents: readonly string[]): Promise<void> {
    await this.each(contents, (keys) => ['eval', releaseScript, 2, ...keys, job]);
  }

  /**
   * Brings a file's content to the queue; claim it first. Two who do so at once do no harm.
   *
   * @throws ContentMissingError where the file has other content by now, and what the file system says
   */
  async put(sha256: string, file: string): Promise<void> {
    const key = contentKey(sha256);
    const hash = createHash('sha256');
    let bytes = 0;
    for await (const part of chunksOf(file)) {
      hash.update(part);
      await this.client.hset(key, String(bytes / chunkBytes), part);
      // Whoever puts it may be killed before it is whole.
      if (bytes === 0) await this.client.expire(key, keptFor);
      bytes += part.length;
    }
    if (hash.digest('hex') !== sha256) {
      // Chunks of what the hash stands for may be among them, from somebody else: they are put again when needed.
      await this.client.unlink(key);
      throw new ContentMissingError(sha256, `is not that of ${file} any more`);
    }
    await this.client.hset(key, whole, String(bytes));
    await this.client.expire(key, keptFor);
  }

  /**
   * Writes content to a file, whole or not at all, and checks it.
   *
   * @param file absolute path; its folder must be there
   * @throws ContentMissingError, and what the file system says
   */
  async fetch(sha256: string, bytes: number, file: string): Promise<void> {
    const partial = `${file}.partial`;
    try {
      await pipeline(Readable.from(this.checked(sha256, bytes)), createWriteStream(partial));
      await rename(partial, file);
    } catch (error) {
      await rm(partial, { force: true });
      throw error;
    }
  }

  /** @returns content that fits into memory. @throws ContentMissingError */
  async read(sha256: string, bytes: number): Promise<Buffer> {
    const parts: Buffer[] = [];
    for await (const part of this.checked(sha256, bytes)) parts.push(part);
    return Buffer.concat(parts);
  }

  /** Asks the same of several contents, all at once. */
  private async each(
    contents: readonly string[],
    command: (keys: readonly string[]) => readonly (string | number)[],
  ): Promise<unknown[]> {
    if (contents.length === 0) return [];
    const asked = contents.map((sha256) => command([contentKey(sha256), needsKey(sha256)]));
    const answers = (await this.client.pipeline(asked.map((words) => words.map(String))).exec()) ?? [];
    return answers.map(([error, answer]) => {
      if (error) throw error;
      return answer;
    });
  }

  private async *checked(sha256: string, bytes: number): AsyncGenerator<Buffer> {
    const key = contentKey(sha256);
    const hash = createHash('sha256');
    const chunks = Math.ceil(bytes / chunkBytes);
    for (let chunk = 0; chunk < chunks; chunk++) {
      const part = await this.client.hgetBuffer(key, String(chunk));
      if (part === null) throw new ContentMissingError(sha256, 'is not in the queue any more');
      if (part.length > chunkBytes) throw new ContentMissingError(sha256, 'came in a piece that is too large');
      hash.update(part);
      yield part;
    }
    if (hash.digest('hex') !== sha256) throw new ContentMissingError(sha256, 'was changed on its way');
  }
}

/** A file in pieces of `chunkBytes`, the last one shorter. */
async function* chunksOf(file: string): AsyncGenerator<Buffer> {
  const handle = await open(file);
  try {
    for (;;) {
      const chunk = Buffer.allocUnsafe(chunkBytes);
      let length = 0;
      for (let read = -1; read !== 0 && length < chunkBytes; length += read) {
        read = (await handle.read(chunk, length, chunkBytes - length)).bytesRead;
      }
      if (length > 0) yield chunk.subarray(0, length);
      if (length < chunkBytes) return;
    }
  } finally {
    await handle.close();
  }
}
