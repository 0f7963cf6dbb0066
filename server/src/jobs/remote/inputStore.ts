import { randomUUID } from 'node:crypto';
import { chmod, copyFile, link, mkdir, readdir, rm, stat, utimes } from 'node:fs/promises';
import path from 'node:path';
import type { ContentStore } from './contentStore';
import type { ContentFile } from './message';
import { inWorkplace } from './workplace';

/** A worker keeps content of up to this size on its disk, for the next job that needs it. */
const defaultLimit = 4 * 2 ** 30;

/** What has come to a worker through the queue, by its content, so that a data set travels once and not with each job. */
export class InputStore {
  private readonly coming = new Map<string, Promise<void>>();
  private readonly used = new Set<string>();
  /** Bytes that came since it was last tidied; at first as if it had never been. */
  private brought = Infinity;

  /**
   * @param folder absolute path; other workers may share it
   * @param limit in bytes; what was used least lately goes first
   */
  constructor(
    private readonly folder: string,
    private readonly content: ContentStore,
    private readonly limit = defaultLimit,
  ) {}

  /**
   * Puts a file of a job where it is wanted. Jobs must not write to it.
   *
   * @param target absolute path of a file that does not exist yet
   * @throws ContentMissingError, WorkplaceError, and what the file system says
   */
  async provide({ sha256, bytes }: ContentFile, target: string): Promise<void> {
    const file = path.join(this.folder, sha256);
    this.used.add(sha256);
    try {
      await inWorkplace(this.folder, () => this.ensure(sha256, bytes, file));
      await mkdir(path.dirname(target), { recursive: true });
      await link(file, target).catch(() => copyFile(file, target));
      const now = new Date();
      await utimes(file, now, now);
    } finally {
      this.used.delete(sha256);
    }
  }

  private async ensure(sha256: string, bytes: number, file: string): Promise<void> {
    if ((await stat(file).catch(() => undefined))?.size === bytes) return;
    const coming = this.coming.get(sha256) ?? this.bring(sha256, bytes, file);
    this.coming.set(sha256, coming);
    await coming.finally(() => this.coming.delete(sha256));
  }

  private async bring(sha256: string, bytes: number, file: string): Promise<void> {
    await mkdir(this.folder, { recursive: true });
    // Of this process alone: another worker may be at the same file.
    const own = `${file}.${randomUUID()}`;
    await this.content.fetch(sha256, bytes, own);
    await chmod(own, 0o444);
    await link(own, file).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
    await rm(own, { force: true });
    this.brought += bytes;
    if (this.brought > this.limit / 16) await this.tidy();
  }

  private async tidy(): Promise<void> {
    this.brought = 0;
    const names = (await readdir(this.folder)).filter((name) => /^[0-9a-f]{64}$/.test(name));
    const files = await Promise.all(
      names.map(async (name) => {
        const about = await stat(path.join(this.folder, name)).catch(() => undefined);
        return { name, bytes: about?.size ?? 0, used: about?.mtimeMs ?? 0 };
      }),
    );
    let sum = files.reduce((all, { bytes }) => all + bytes, 0);
    for (const { name, bytes } of files.sort((a, b) => a.used - b.used)) {
      if (sum <= this.limit) return;
      if (this.used.has(name)) continue;
      await rm(path.join(this.folder, name), { force: true });
      sum -= bytes;
    }
  }
}
