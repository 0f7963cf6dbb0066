import path from 'node:path';
import { isBelow } from '../paths';

/** A path that leads out of where a manifest may point, in words, or nothing. */
export function pathProblem(text: string, file: string, boundary: string): string | undefined {
  if (path.isAbsolute(text) || path.win32.isAbsolute(text) || /^[a-z]:/i.test(text))
    return `Expected a path relative to this file, found the absolute path ${text}`;
  if (text.includes('\\')) return 'Expected forward slashes between the parts of a path';
  if (text.includes('\0')) return 'Expected a path, found a text that can be none';
  const target = resolvePath(text, file);
  return isBelow(target, boundary) ? undefined : `${text} leads out of ${boundary}`;
}

/** The absolute path that a text of a manifest stands for. */
export function resolvePath(text: string, file: string): string {
  return path.resolve(path.dirname(file), text);
}

/** An absolute path as a manifest writes it. */
export function manifestPath(target: string, file: string): string {
  return path.relative(path.dirname(file), target).split(path.sep).join('/');
}

/** Whether an entry's `model` is a pattern, not a path. */
export function isPattern(text: string): boolean {
  return /[*?{}[\]]/.test(text);
}
