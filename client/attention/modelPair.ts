import path from 'node:path';
import { suggestedOutputName } from '../purify/outputName';

const purified = /^(.+)\.purified(\.[^./]+)$/;

/** `gin.purified.pt` -> `gin.pt`; undefined for other names. */
function originalName(name: string): string | undefined {
  const [, stem, extension] = purified.exec(name) ?? [];
  return stem === undefined ? undefined : `${stem}${extension}`;
}

/** Two models in the order in which they are compared. */
export interface ModelPair {
  readonly before: string;
  readonly after: string;
}

/**
 * Puts two model files in order: a purified file comes after the one it was made from, as their names say.
 *
 * @param first a path
 * @param second a path; comes after where names say nothing
 */
export function ordered(first: string, second: string): ModelPair {
  const isAfter = originalName(path.posix.basename(first)) === path.posix.basename(second);
  return isAfter ? { before: second, after: first } : { before: first, after: second };
}

/** A model that could stand beside another, and why. */
export interface Partner {
  readonly file: string;
  /** `name`, `receipt`: it belongs to the other. `folder`: it lies beside it. `other`: neither. */
  readonly by: 'name' | 'receipt' | 'folder' | 'other';
}

const order: readonly Partner['by'][] = ['name', 'receipt', 'folder', 'other'];

/**
 * The models that one could be compared with, the best guess first.
 *
 * @param model its path
 * @param files paths of all models that are known
 * @param original what the model's receipt says it was made from
 */
export function partners(model: string, files: readonly string[], original: string | undefined): Partner[] {
  const folder = path.posix.dirname(model);
  const name = path.posix.basename(model);
  const byName = [originalName(name), suggestedOutputName(name)];
  const reason = (file: string): Partner['by'] => {
    if (file === original) return 'receipt';
    if (path.posix.dirname(file) !== folder) return 'other';
    return byName.includes(path.posix.basename(file)) ? 'name' : 'folder';
  };
  return files
    .filter((file) => file !== model)
    .map((file) => ({ file, by: reason(file) }))
    .sort((a, b) => order.indexOf(a.by) - order.indexOf(b.by) || (a.file < b.file ? -1 : 1));
}
