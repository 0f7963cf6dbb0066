import type { Estimate } from '../../../protocol/reports';

/** A share as a percentage: `97%`, or with decimals `97.9%`. */
export function percent(share: number, decimals = 0): string {
  return `${(100 * share).toFixed(decimals)}%`;
}

/** An estimate with its 95% interval: `97% (91-99%)`. */
export function estimateText(estimate: Estimate): string {
  if (estimate.count === 0) return 'not measured';
  return `${percent(estimate.value)} (${(100 * estimate.low).toFixed(0)}-${percent(estimate.high)})`;
}

/** `1 graph`, `3 graphs`. */
export function plural(count: number, noun: string): string {
  return `${count.toLocaleString('en-US')} ${noun}${count === 1 ? '' : 's'}`;
}
