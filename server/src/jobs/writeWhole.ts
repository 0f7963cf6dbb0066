import { randomBytes } from 'node:crypto';
import { link, lstat, open, readdir, realpath, rename, stat, unlink } from 'node:fs/promises';
import path from 'node:path';

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
}

/**
 * Writes a file whole or not at all: into a temporary file of the same folder, flushed to disk, then moved into place.
 * Without `overwrite` a file that appears in the meantime is kept as well.
 *
 * @throws OutputError; nothing is left behind then
 */
export async function writeWhole(
  file: string,
  content: Uint8Array | string,
  options: WriteOptions = {},
): Promise<void> {
  try {
    await write(path.resolve(file), content, options);
  } catch (error) {
    throw error instanceof OutputError ? error : new OutputError(file, reasonOf(error), codeOf(error));
  }
}

/** Removes temporary files of `file` whose writer died, such as a process that was killed. Never throws. */
export async function removePartials(file: string): Promise<void> {
  const { dir, base } = path.parse(path.resolve(file));
  const entries = await readdir(dir).catch((): string[] => []);
  for (const entry of entries) {
    const writer =
      entry.startsWith(`.${base}.`) && /^\.(\d+)-[0-9a-f]{12}\.partial$/.exec(entry.slice(base.length + 1));
    if (writer && !isAlive(Number(writer[1]))) await unlink(path.join(dir, entry)).catch(() => undefined);
  }
}

async function write(file: string, content: Uint8Array | string, options: WriteOptions): Promise<void> {
  await refuseProtected(file, options.protect ?? []);
  const existing = await lstat(file).catch(absent);
  if (existing?.isDirectory()) throw new OutputError(file, 'there is a folder of this name', 'EISDIR');
  if (existing && !options.overwrite) throw alreadyExists(file);
  // A link is followed, so that it goes on pointing where it does.
  const target = existing ? await realpath(file).catch(() => file) : file;
  const mode = existing ? (await stat(target).catch(absent))?.mode : undefined;

  await removePartials(target);
  const temporary = path.join(
    path.dirname(target),
    `.${path.basename(target)}.${process.pid}-${randomBytes(6).toString('hex')}.partial`,
  );
  try {
    await writeFlushed(temporary, content, mode);
    if (options.overwrite) await rename(temporary, target);
    else await moveIfAbsent(temporary, target);
  } catch (error) {
    await unlink(temporary).catch(() => undefined);
    throw error;
  }
  await flushFolder(path.dirname(target));
}

/** Compares by what a path leads to, not by its spelling: links and case-insensitive file systems included. */
async function refuseProtected(file: string, others: readonly string[]): Promise<void> {
  const identity = await identityOf(file);
  for (const other of others) {
    if (path.resolve(other) === file || (identity !== undefined && identity === (await identityOf(other)))) {
      throw new OutputError(file, 'this is the input file, which is never changed; choose another name', 'EEXIST');
    }
  }
}

async function identityOf(file: string): Promise<string | undefined> {
  const found = await stat(file, { bigint: true }).catch(absent);
  // File systems that do not number their files answer 0.
  if (!found || found.ino === 0n) return realpath(file).catch(() => undefined);
  return `${found.dev}:${found.ino}`;
}

async function writeFlushed(file: string, content: Uint8Array | string, mode: number | undefined): Promise<void> {
  const handle = await open(file, 'wx');
  try {
    if (mode !== undefined) await handle.chmod(mode & 0o777);
    await handle.writeFile(content);
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

function isAlive(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}

function codeOf(error: unknown): string | undefined {
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  return typeof code === 'string' ? code : undefined;
}

function reasonOf(error: unknown): string {
  switch (codeOf(error)) {
    case 'ENOSPC':
      return 'the disk is full; nothing was written';
    case 'EDQUOT':
      return 'your disk quota is used up; nothing was written';
    case 'EFBIG':
      return 'the file would be larger than this disk or your limits allow; nothing was written';
    case 'EACCES':
    case 'EPERM':
      return 'writing here is not permitted';
    case 'EROFS':
      return 'the file system is read-only';
    case 'ENOENT':
      return 'there is no such folder';
    case 'ENOTDIR':
      return 'a part of the path is a file, not a folder';
    case 'ENAMETOOLONG':
      return 'the name is too long';
    case 'EIO':
      return 'the disk reported an error; nothing was written';
    default:
      return error instanceof Error ? error.message : String(error);
  }
}
