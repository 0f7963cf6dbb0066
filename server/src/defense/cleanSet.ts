import type { Graph } from '../graph/graph';

/** Fewer graphs than this cannot hold what a model knows about its data. */
const MIN_CLEAN_GRAPHS = 4;

/** The clean set cannot be purified with: it is too small, or a class has no graph in it. */
export class CleanSetError extends Error {
  override readonly name = 'CleanSetError';

  /** @param countsByClass clean graphs of each class, `[classes]` */
  constructor(
    message: string,
    readonly countsByClass: readonly number[],
  ) {
    super(message);
  }
}

/**
 * @param classes number of classes of the model
 * @returns number of clean graphs of each class
 * @throws CleanSetError
 */
export function requireCleanSet(clean: readonly Graph[], classes: number): number[] {
  const counts = new Array<number>(classes).fill(0);
  for (const { classLabel } of clean) {
    if (classLabel < 0 || classLabel >= classes) {
      throw new CleanSetError(`A clean graph has class ${classLabel}, but the model knows ${classes} classes.`, counts);
    }
    counts[classLabel]++;
  }
  const byClass = counts.map((count, c) => `${count} of class ${c}`).join(', ');
  if (clean.length < MIN_CLEAN_GRAPHS) {
    throw new CleanSetError(
      `Purifying needs at least ${MIN_CLEAN_GRAPHS} clean graphs, of every class; there are ${clean.length} (${byClass}).`,
      counts,
    );
  }
  if (counts.includes(0)) {
    throw new CleanSetError(`Purifying needs clean graphs of every class; there are ${byClass}.`, counts);
  }
  return counts;
}
