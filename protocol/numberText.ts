/** Figures in words, the same in reports, findings, panels and the editor's own places. */
import type { Estimate } from './reports';

/** A share as a percentage: `97%`, or with decimals `97.9%`. */
export function percent(share: number, decimals = 0): string {
  return `${(100 * share).toFixed(decimals)}%`;
}

/** An estimate with its 95% interval: `97% (91-99%)`. */
export function estimateText(estimate: Estimate): string {
  if (estimate.count === 0) return 'not measured';
  return `${percent(estimate.value)} (${(100 * estimate.low).toFixed(0)}-${percent(estimate.high)})`;
}

/** `all`, or a percentage that is never rounded up to all: `97% of`. */
export function shareOfModels(share: number): string {
  return share >= 1 ? 'all' : `${Math.floor(100 * share)}% of`;
}

/** `1 graph`, `3 graphs`. */
export function plural(count: number, noun: string): string {
  return `${count.toLocaleString('en-US')} ${noun}${count === 1 ? '' : 's'}`;
}
