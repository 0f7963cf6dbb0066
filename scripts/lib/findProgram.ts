import { accessSync, constants, statSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';

/**
 * The first program that is there: by name on the PATH, in the order of names, then by full path.
 *
 * @param names without `.exe` or `.cmd`
 * @param places full paths to try where the PATH has none
 */
export function findProgram(
  names: readonly string[],
  places: readonly string[] = [],
  searchPath = process.env.PATH ?? '',
): string | undefined {
  const folders = searchPath.split(path.delimiter).filter((folder) => folder !== '');
  const endings = process.platform === 'win32' ? ['.exe', '.cmd'] : [''];
  const onPath = names.flatMap((name) =>
    folders.flatMap((folder) => endings.map((ending) => path.join(folder, `${name}${ending}`))),
  );
  return [...onPath, ...places].find(isProgram);
}

export function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
