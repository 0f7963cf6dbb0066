import { Rng } from './rng';

/** Graph ids of the parts of a data set, each in ascending order. `clean` lies in `train`. */
export interface Splits {
  readonly train: number[];
  readonly test: number[];
  readonly clean: number[];
}

export interface SplitOptions {
  readonly seed: number;
  /** Share of the training graphs that make the clean subset, in (0, 1]. Default 0.03. */
  readonly holdingRate?: number;
  /** The clean subset, given; its graphs never serve as test graphs. */
  readonly cleanIds?: readonly number[];
  /** The test graphs, given; all others are training graphs. */
  readonly testIds?: readonly number[];
  /** What is split, as errors name it: the folder of a data set. */
  readonly dataset?: string;
}

/** Ids or a rate that make no split. */
export class SplitError extends Error {
  override readonly name = 'SplitError';

  /** @param ids the ids at fault, where it is ids */
  constructor(
    message: string,
    readonly ids: readonly number[] = [],
  ) {
    super(message);
  }
}

/**
 * Splits a data set: the first 80% of a seeded permutation train, the rest test; the clean subset is the first
 * ceil(holdingRate * train) of a second seeded permutation of the training graphs, stratified by class: each class
 * gets its share by largest remainder, and at least one graph where there is room for all.
 *
 * @param classLabels class of each graph, `[graphs]`
 * @throws SplitError
 */
export function makeSplits(classLabels: ArrayLike<number>, options: SplitOptions): Splits {
  const { seed, holdingRate = 0.03, cleanIds, testIds, dataset } = options;
  const count = classLabels.length;
  const refuse = (reason: string, ids?: readonly number[]): never => {
    throw new SplitError(dataset === undefined ? reason : `${dataset}: ${reason}`, ids);
  };
  if (!(holdingRate > 0 && holdingRate <= 1)) {
    refuse(`the holding rate must lie above 0 and at most at 1, got ${holdingRate}`);
  }
  requireIds('clean', cleanIds, count, refuse);
  requireIds('test', testIds, count, refuse);
  const givenClean = new Set(cleanIds);
  const inBoth = (testIds ?? []).filter((id) => givenClean.has(id));
  if (inBoth.length > 0) refuse(`${listed(inBoth)} both clean and test graphs`, inBoth);

  const order = new Rng(seed, 'split').permutation(count);
  const test = new Set(testIds ?? order.subarray(Math.round(0.8 * count)));
  for (const id of givenClean) test.delete(id);
  const train = ascending(order.filter((id) => !test.has(id)));
  if (train.length === 0) refuse('no training graph is left');
  return {
    train,
    test: ascending(test),
    clean: cleanIds ? ascending(cleanIds) : stratifiedSubset(train, classLabels, holdingRate, new Rng(seed, 'clean')),
  };
}

function stratifiedSubset(ids: readonly number[], classLabels: ArrayLike<number>, rate: number, rng: Rng): number[] {
  const byClass = new Map<number, number[]>();
  for (const i of rng.permutation(ids.length)) {
    const members = byClass.get(classLabels[ids[i]]);
    if (members) members.push(ids[i]);
    else byClass.set(classLabels[ids[i]], [ids[i]]);
  }
  const groups = [...byClass.entries()].sort(([a], [b]) => a - b).map(([, members]) => members);
  // The subtraction keeps 0.07 * 100 = 7.000000000000001 from becoming 8.
  const wanted = Math.max(1, Math.ceil(rate * ids.length - 1e-9));
  const quotas = classQuotas(
    groups.map((members) => members.length),
    wanted,
  );
  return ascending(groups.flatMap((members, c) => members.slice(0, quotas[c])));
}

/** `wanted` shared out in proportion to `sizes` by largest remainder; no class is left out where each can have one. */
function classQuotas(sizes: readonly number[], wanted: number): number[] {
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const shares = sizes.map((size) => (wanted * size) / total);
  const least = wanted >= sizes.length ? 1 : 0;
  const quotas = shares.map((share) => Math.max(least, Math.floor(share)));
  const step = (direction: 1 | -1): void => {
    const open = sizes.map((_, c) => c).filter((c) => (direction > 0 ? quotas[c] < sizes[c] : quotas[c] > least));
    const gap = (c: number): number => direction * (shares[c] - quotas[c]);
    quotas[open.reduce((best, c) => (gap(c) > gap(best) ? c : best))] += direction;
  };
  let given = quotas.reduce((sum, quota) => sum + quota, 0);
  for (; given < wanted; given++) step(1);
  for (; given > wanted; given--) step(-1);
  return quotas;
}

function requireIds(
  role: string,
  ids: readonly number[] | undefined,
  count: number,
  refuse: (reason: string, ids?: readonly number[]) => never,
): void {
  if (ids === undefined) return;
  if (ids.length === 0) refuse(`no ${role} graphs are named`);
  const outside = ids.filter((id) => !Number.isInteger(id) || id < 0 || id >= count);
  if (outside.length > 0) {
    refuse(`${role} graphs: ${listed(outside)} not in the data set, which has ${count} (counted from 0)`, outside);
  }
  const seen = new Set<number>();
  const repeated = ids.filter((id) => seen.size === seen.add(id).size);
  if (repeated.length > 0) refuse(`${role} graphs: ${listed(repeated)} named twice`, repeated);
}

function listed(ids: readonly number[]): string {
  const shown = ids.slice(0, 5).join(', ') + (ids.length > 5 ? `, ... (${ids.length})` : '');
  return `${shown} ${ids.length === 1 ? 'is' : 'are'}`;
}

function ascending(ids: Iterable<number>): number[] {
  return [...ids].sort((a, b) => a - b);
}
