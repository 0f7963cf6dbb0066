import { mean, standardDeviation } from '../../scan/statistics';

/** A mean with its standard deviation over `count` values (0 for one value). */
export interface Spread {
  readonly mean: number;
  readonly deviation: number;
  readonly count: number;
}

/** @returns nothing where no value exists */
export function spreadOf(values: readonly (number | undefined)[]): Spread | undefined {
  const present = values.filter((value) => value !== undefined);
  if (present.length === 0) return undefined;
  return { mean: mean(present), deviation: standardDeviation(present), count: present.length };
}

/** A share in percent, `12.3 ±4.5`; `-` where there is none. A deviation that would print as zero is left out. */
export function shareText(spread: Spread | undefined): string {
  if (spread === undefined) return '-';
  const deviation = (100 * spread.deviation).toFixed(1);
  const text = (100 * spread.mean).toFixed(1).replace(/^-0\.0$/, '0.0');
  return deviation === '0.0' ? text : `${text} ±${deviation}`;
}

/** Items by a name made of them, in the order in which names first come. */
export function groupBy<T>(items: readonly T[], nameOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const name = nameOf(item);
    const group = groups.get(name);
    if (group) group.push(item);
    else groups.set(name, [item]);
  }
  return groups;
}
