import { readFile } from 'node:fs/promises';

/**
 * The text of a file.
 *
 * @param fail makes an error of the reason why the file cannot be read, a clause in plain words
 */
export async function readText(file: string, fail: (reason: string) => Error): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw fail(plainReason(error));
  }
}

/** Why a file cannot be read, a clause in plain words; `error` is what the file system threw. */
export function plainReason(error: unknown): string {
  switch ((error as NodeJS.ErrnoException | undefined)?.code) {
    case 'ENOENT':
      return 'there is no such file';
    case 'ENOTDIR':
      return 'a part of the path is a file, not a folder';
    case 'EISDIR':
      return 'this is a folder, not a file';
    case 'EACCES':
    case 'EPERM':
      return 'reading it is not permitted';
    case 'ERR_FS_FILE_TOO_LARGE':
      return 'it is larger than 2 GiB, more than can be read at once';
    default:
      return error instanceof Error ? error.message : String(error);
  }
}
