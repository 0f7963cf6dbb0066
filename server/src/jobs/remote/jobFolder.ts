import { mkdir, mkdtemp, readdir, realpath, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import type { ContentHashes } from '../cache/contentHashes';
import { sha256OfFile } from '../hashFile';
import { isAlive } from '../isAlive';
import { isBelow } from '../paths';
import { mostContentBytes } from './contentStore';
import type { InputStore } from './inputStore';
import type { InputFolder, JobMessage, OutputFile, RemoteTask } from './message';
import { parsePlace, placeOf, toPlaces, type Placed } from './places';
import { mostWrittenBytes } from './returnedFiles';
import { mapPaths } from './taskPaths';
import { inWorkplace } from './workplace';

/** A job names what this worker must not or cannot read. Another worker may be able to. */
class UnreachableInputError extends Error {
  override readonly name = 'UnreachableInputError';
}

/** What a worker has for the files of its jobs. */
export interface JobPlaces {
  /** Real paths of the folders that jobs may read where they lie. */
  readonly allowed: readonly string[];
  /** Absolute path of a folder for what jobs write. */
  readonly scratch: string;
  readonly inputs: InputStore;
  readonly hashes: ContentHashes;
}

/** Name of a job's folder, up to the number of the process that made it: machines that share a folder have their own. */
const ownPrefix = (): string => `job-${hostname()}-`;

/**
 * Removes what workers left behind that were killed.
 *
 * @param scratch absolute path; of what is in it, only what was made on this machine is touched
 */
export async function removeAbandoned(scratch: string): Promise<void> {
  for (const name of await readdir(scratch)) {
    const owner = name.startsWith(ownPrefix()) ? Number.parseInt(name.slice(ownPrefix().length), 10) : NaN;
    if (Number.isNaN(owner) || isAlive(owner)) continue;
    await rm(path.join(scratch, name), { recursive: true, force: true });
  }
}

/** The files of one job on the worker's side: what it reads, checked, and folders for what it writes. */
export class JobFolder {
  private constructor(
    private readonly root: string,
    /** The job with paths of this machine. */
    readonly task: RemoteTask,
    private readonly folders: readonly Placed[],
    private readonly inPlace: readonly { readonly path: string; readonly sha256: string }[],
    private readonly places: JobPlaces,
  ) {}

  /**
   * @param message checked by `isJobMessage`
   * @throws UnreachableInputError, ContentMissingError, WorkplaceError, and what the file system says; nothing is left
   *   behind then
   */
  static async open(message: JobMessage, places: JobPlaces): Promise<JobFolder> {
    const root = await inWorkplace(places.scratch, async () => {
      await mkdir(places.scratch, { recursive: true });
      return mkdtemp(path.join(places.scratch, `${ownPrefix()}${process.pid}-`));
    });
    try {
      const folders: Placed[] = [];
      const inPlace: { path: string; sha256: string }[] = [];
      for (const [i, input] of message.inputs.entries()) {
        const folder = input.at ?? path.join(root, `in-${i}`, input.name);
        if (input.at === undefined) await bring(input, folder, places);
        else inPlace.push(...(await checkInPlace(input, input.at, places)));
        folders.push({ folder, place: placeOf('in', i) });
      }
      for (let i = 0; i < message.outputs; i++) {
        const folder = path.join(root, `out-${i}`);
        await mkdir(folder);
        folders.push({ folder, place: placeOf('out', i) });
      }
      const task = mapPaths(message.task, (place) => pathOf(place, folders));
      return new JobFolder(root, task, folders, inPlace, places);
    } catch (error) {
      await rm(root, { recursive: true, force: true });
      throw error;
    }
  }

  /** What a job found out, without the paths of this machine. */
  withoutPaths<T>(value: T): T {
    return toPlaces(value, this.folders);
  }

  /**
   * Files that were read where they lie may have changed while the job ran.
   *
   * @throws UnreachableInputError
   */
  async requireUnchanged(): Promise<void> {
    for (const { path: file, sha256 } of this.inPlace) {
      if ((await this.places.hashes.file(file, { atOnce: true })) !== sha256) throw changed(file);
    }
  }

  /**
   * What the job wrote, and where.
   *
   * @throws RangeError for files that are too large to travel
   */
  async written(): Promise<{ readonly file: OutputFile; readonly path: string }[]> {
    const files: { file: OutputFile; path: string }[] = [];
    const folders = this.folders.filter(({ place }) => parsePlace(place)?.use === 'out');
    for (const [i, { folder }] of folders.entries()) {
      for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
        if (!entry.isFile()) continue;
        const file = path.join(entry.parentPath, entry.name);
        const name = path.relative(folder, file).replaceAll(path.sep, '/');
        const { size } = await stat(file);
        if (size > mostContentBytes) throw new RangeError(`the job wrote ${name}, which is too large to travel`);
        files.push({ file: { folder: i, name, bytes: size, sha256: await sha256OfFile(file) }, path: file });
      }
    }
    if (files.reduce((sum, { file }) => sum + file.bytes, 0) > mostWrittenBytes) {
      throw new RangeError('the job wrote files that are too large, together, to travel');
    }
    return files;
  }

  /** Lets go of everything that was made for the job. */
  async remove(): Promise<void> {
    await rm(this.root, { recursive: true, force: true, maxRetries: 3 });
  }
}

async function bring({ files }: InputFolder, folder: string, { inputs }: JobPlaces): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const file of files) await inputs.provide(file, path.join(folder, ...file.name.split('/')));
}

async function checkInPlace(
  { files }: InputFolder,
  at: string,
  { allowed, hashes }: JobPlaces,
): Promise<{ path: string; sha256: string }[]> {
  const inPlace: { path: string; sha256: string }[] = [];
  await requireAllowed(at, allowed);
  for (const { name, bytes, sha256 } of files) {
    const file = path.join(at, ...name.split('/'));
    const real = await requireAllowed(file, allowed);
    if ((await stat(real)).size !== bytes || (await hashes.file(real, { atOnce: true })) !== sha256) {
      throw changed(file);
    }
    inPlace.push({ path: real, sha256 });
  }
  return inPlace;
}

/** @returns the path with no links left in it, which is what counts */
async function requireAllowed(file: string, allowed: readonly string[]): Promise<string> {
  if (!path.isAbsolute(file)) throw new UnreachableInputError(`${file} is no absolute path`);
  // Whether it is there is nobody's business where it may not be read.
  const lexical = path.resolve(file);
  const real = await realpath(file).catch(() => undefined);
  // What is there counts by where it really lies, by whatever links it is named.
  if (!allowed.some((folder) => isBelow(real ?? lexical, folder))) {
    throw new UnreachableInputError(
      `${file} is in none of the folders that this worker may read (graphnad worker --folder)`,
    );
  }
  if (real === undefined) throw new UnreachableInputError(`${file} is not there, as this worker sees it`);
  return real;
}

function changed(file: string): UnreachableInputError {
  return new UnreachableInputError(`${file} is not what it was when the job was asked for`);
}

function pathOf(place: string, folders: readonly Placed[]): string {
  const parsed = parsePlace(place);
  const folder = parsed && folders.find((one) => one.place === placeOf(parsed.use, parsed.folder))?.folder;
  if (parsed === undefined || folder === undefined) {
    throw new UnreachableInputError('the job names a path outside of its folders');
  }
  return parsed.name === '' ? folder : path.join(folder, ...parsed.name.split('/'));
}
