import { randomBytes } from 'node:crypto';
import { link, lstat, mkdir, open, readdir, realpath, rename, stat, unlink } from 'node:fs/promises';
import path from 'node:path';
import { isHubBlob } from './hubCache';
import { isAlive } from './isAlive';

/** An output file that could not be written: names the file, the system's code where there is one, and the reason. */
export class OutputError extends Error {
  constructor(
    readonly file: string,
    readonly reason: string,
    readonly code?: string,
  ) {
    super(`${file}: ${reason}`);
    this.name = 'OutputError';
  }
}

export interface WriteOptions {
  /** Replace an existing file. Default false: an existing file is an error. */
  readonly overwrite?: boolean;
  /** Files that must survive whatever `file` is called: by another name, a symbolic link or a hard link. */
  readonly protect?: readonly string[];
  /** Files that the same run writes something else to; `file` must be none of them, whatever it is called. */
  readonly otherOutputs?: readonly string[];
  /** Looks at what was written before it gets its name, at the path it is given; where it throws, nothing is left. */
  readonly verify?: (written: string) => Promise<void>;
}

/** What goes into a file: bytes, text, or bytes in parts, for what is too large to be held whole. */
export type Content = Uint8Array | string | Iterable<Uint8Array>;

/**
 * Writes a file whole or not at all: into a temporary file of the same folder, flushed to disk, then moved into place.
 * Without `overwrite` a file that appears in the meantime is kept as well.
 *
 * @throws OutputError; nothing is left behind then
 */
export function writeWhole(file: string, content: Content, options: WriteOptions = {}): Promise<void> {
  return plainly(file, () => write([[path.resolve(file), content]], options));
}

/**
 * Writes files that belong together, whole or not at all: none gets its name before all are on disk, and they get them
 * in the order given, so that the last may rely on the others. As `writeWhole` otherwise.
 *
 * @param file names them all in errors
 * @throws OutputError; nothing is left behind then
 */
export function writeTogether(
  file: string,
  files: readonly (readonly [file: string, content: Content])[],
  options: Omit<WriteOptions, 'verify'> = {},
): Promise<void> {
  return plainly(file, () =>
    write(
      files.map(([one, content]) => [path.resolve(one), content] as const),
      options,
    ),
  );
}

/**
 * Finds out, before the work that makes its content, whether `writeWhole` would refuse a file.
 *
 * @throws OutputError
 */
export function checkTarget(file: string, options: WriteOptions = {}): Promise<void> {
  return plainly(file, async () => {
    const target = await resolveTarget(path.resolve(file), options);
    // Permissions are many-layered; only trying tells.
    const probe = temporaryName(target);
    await (await open(probe, 'wx')).close();
    await unlink(probe);
  });
}

/** Removes temporary files of `file` whose writer died, such as a process that was killed. Never throws. */
export async function removePartials(file: string): Promise<void> {
  const { dir, base } = path.parse(await realpath(file).catch(() => path.resolve(file)));
  const entries = await readdir(dir).catch((): string[] => []);
  for (const entry of entries) {
    const writer =
      entry.startsWith(`.${base}.`) && /^\.(\d+)-[0-9a-f]{12}\.partial$/.exec(entry.slice(base.length + 1));
    if (writer && !isAlive(Number(writer[1]))) await unlink(path.join(dir, entry)).catch(() => undefined);
  }
}

async function write(
  files: readonly (readonly [file: string, content: Content])[],
  options: WriteOptions,
): Promise<void> {
  const written: { readonly temporary: string; readonly target: string }[] = [];
  const moved: string[] = [];
  try {
    for (const [file, content] of files) {
      const target = await resolveTarget(file, options);
      const mode = (await stat(target).catch(absent))?.mode;
      await removePartials(target);
      const temporary = temporaryName(target);
      written.push({ temporary, target });
      await writeFlushed(temporary, content, mode);
      await options.verify?.(temporary);
    }
    for (const { temporary, target } of written) {
      if (options.overwrite) await rename(temporary, target);
      else await moveIfAbsent(temporary, target);
      moved.push(target);
    }
  } catch (error) {
    for (const { temporary } of written) await unlink(temporary).catch(() => undefined);
    // What was overwritten is gone; what is new goes, too.
    if (!options.overwrite) for (const target of moved) await unlink(target).catch(() => undefined);
    throw error;
  }
  for (const folder of new Set(written.map(({ target }) => path.dirname(target)))) await flushFolder(folder);
}

/**
 * Where the content goes: the file itself, or what it links to, so that a link goes on pointing where it does. What the
 * Hugging Face hub's cache keeps under a hash has that content and no other, so that its links are replaced.
 */
async function resolveTarget(file: string, options: WriteOptions): Promise<string> {
  const { protect = [], otherOutputs = [] } = options;
  await refuse(file, protect, 'this is the input file, which is never changed; choose another name');
  await refuse(file, otherOutputs, 'another result of this run goes to this file; choose another name');
  const existing = await lstat(file).catch(absent);
  if (existing?.isDirectory()) throw new OutputError(file, 'there is a folder of this name', 'EISDIR');
  if (existing && !options.overwrite) throw alreadyExists(file);
  if (!existing) return file;
  const real = await realpath(file).catch(() => file);
  return isHubBlob(real, await realpath(path.dirname(file))) ? file : real;
}

/** In the folder of the target, so that moving it is one step; `removePartials` knows the pattern. */
function temporaryName(target: string): string {
  const { dir, base } = path.parse(target);
  return path.join(dir, `.${base}.${process.pid}-${randomBytes(6).toString('hex')}.partial`);
}

/** Compares by what a path leads to, not by its spelling: links and case-insensitive file systems included. */
async function refuse(file: string, others: readonly string[], reason: string): Promise<void> {
  const identity = await identityOf(file);
  for (const other of others) {
    if (path.resolve(other) === file || (identity !== undefined && identity === (await identityOf(other)))) {
      throw new OutputError(file, reason, 'EEXIST');
    }
  }
}

async function identityOf(file: string): Promise<string | undefined> {
  const found = await stat(file, { bigint: true }).catch(absent);
  // File systems that do not number their files answer 0.
  if (!found || found.ino === 0n) return realpath(file).catch(() => undefined);
  return `${found.dev}:${found.ino}`;
}

async function writeFlushed(file: string, content: Content, mode: number | undefined): Promise<void> {
  const handle = await open(file, 'wx');
  try {
    if (mode !== undefined) await handle.chmod(mode & 0o777);
    if (typeof content === 'string' || content instanceof Uint8Array) await handle.writeFile(content);
    else for (const part of content) await handle.writeFile(part);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** `rename` replaces what is there; `link` does not, but some file systems have no hard links. */
async function moveIfAbsent(temporary: string, target: string): Promise<void> {
  try {
    await link(temporary, target);
  } catch (error) {
    if (codeOf(error) === 'EEXIST') throw alreadyExists(target);
    if ((await lstat(target).catch(absent)) !== undefined) throw alreadyExists(target);
    await rename(temporary, target);
    return;
  }
  await unlink(temporary);
}

/** Makes the new name survive a power cut, where the system lets folders be flushed. */
async function flushFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, 'r');
    await handle.sync().finally(() => handle.close());
  } catch {
    // Windows and some network file systems refuse; the content itself is already on disk.
  }
}

function alreadyExists(file: string): OutputError {
  return new OutputError(file, 'a file of this name already exists', 'EEXIST');
}

function absent(error: unknown): undefined {
  if (['ENOENT', 'ENOTDIR'].includes(codeOf(error) ?? '')) return undefined;
  throw error;
}

function codeOf(error: unknown): string | undefined {
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  return typeof code === 'string' ? code : undefined;
}

async function plainly(file: string, action: () => Promise<void>): Promise<void> {
  try {
    await action();
  } catch (error) {
    const code = codeOf(error);
    // What makes the content or verifies it has errors of its own.
    if (error instanceof OutputError || code === undefined) throw error;
    throw outputError(file, error);
  }
}

/**
 * Makes a folder and those above it, where they are missing.
 *
 * @param mode permissions of what is made; default: as the user's mask has them
 * @throws OutputError
 */
export async function makeFolder(folder: string, mode?: number): Promise<void> {
  await mkdir(folder, { recursive: true, mode }).catch((error: unknown) => {
    // Where a folder should be there is something else.
    if (codeOf(error) === 'EEXIST') throw new OutputError(folder, 'this is a file, not a folder', 'EEXIST');
    throw outputError(folder, error);
  });
}

/** What kept a file or folder from being written, in words where they are known. */
export function outputError(file: string, error: unknown): OutputError {
  const code = codeOf(error);
  const known = code === undefined ? undefined : (reasons as Readonly<Record<string, string | undefined>>)[code];
  return new OutputError(file, known ?? (error instanceof Error ? error.message : String(error)), code);
}

const reasons = {
  ENOSPC: 'the disk is full; nothing was written',
  EDQUOT: 'your disk quota is used up; nothing was written',
  EFBIG: 'the file would be larger than this disk or your limits allow; nothing was written',
  EIO: 'the disk reported an error; nothing was written',
  EACCES: 'writing here is not permitted',
  EPERM: 'writing here is not permitted',
  EROFS: 'the file system is read-only',
  ENOENT: 'there is no such folder',
  ENOTDIR: 'a part of the path is a file, not a folder',
  ENAMETOOLONG: 'the name is too long',
} as const;
