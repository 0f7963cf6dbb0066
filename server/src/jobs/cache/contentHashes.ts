import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { datasetFiles } from '../../dataset/loadDataset';
import { sha256OfFile, sha256OfModel } from '../hashFile';

/** A file that changed less than this before it was looked at may change again with the same times, in milliseconds. */
const settledAfter = 2000;

export interface HashOptions {
  /** Somebody waits: do not queue behind files that others asked for. Default false. */
  readonly atOnce?: boolean;
}

/**
 * SHA-256 of what files hold. Known as long as size, number and times of a file stay the same; files are read one after
 * the other, in small parts.
 */
export class ContentHashes {
  private readonly known = new Map<string, { readonly version: string; readonly hash: string }>();
  private work: Promise<unknown> = Promise.resolve();

  /** @throws what the file system says of a file that cannot be read */
  file(file: string, { atOnce = false }: HashOptions = {}): Promise<string> {
    if (atOnce) return this.look(file);
    const hash = this.work.then(() => this.look(file));
    this.work = hash.catch(() => undefined); // who asked hears of it
    return hash;
  }

  /**
   * What stands for the content of a model, all of its files.
   *
   * @throws CheckpointError, and what the file system says of a file that cannot be read
   */
  model(file: string, options?: HashOptions): Promise<string> {
    return sha256OfModel(file, (part) => this.file(part, options));
  }

  /**
   * A hash over names and contents of the files that a data set is read from.
   *
   * @throws DatasetError, and what the file system says of a file that cannot be read
   */
  async dataset(folder: string, options?: HashOptions): Promise<string> {
    const { directory, names } = await datasetFiles(folder);
    const all = createHash('sha256');
    for (const name of names) {
      all.update(`${JSON.stringify(name)} ${await this.file(path.join(directory, name), options)}\n`);
    }
    return all.digest('hex');
  }

  private async look(file: string): Promise<string> {
    const asked = Date.now();
    const before = await versionOf(file);
    const known = this.known.get(file);
    if (known?.version === before.version) return known.hash;
    const hash = await sha256OfFile(file);
    const isSettled = asked - before.changed > settledAfter;
    if (isSettled && (await versionOf(file)).version === before.version) {
      this.known.set(file, { version: before.version, hash });
    }
    return hash;
  }
}

async function versionOf(file: string): Promise<{ version: string; changed: number }> {
  const { size, ino, mtimeNs, ctimeNs, ctimeMs } = await stat(file, { bigint: true });
  // The time of the last status change cannot be set back, unlike that of the last modification.
  return { version: [size, ino, mtimeNs, ctimeNs].join(':'), changed: Number(ctimeMs) };
}
