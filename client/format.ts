import type { Estimate } from '../protocol/reports';

/** An estimated share as people read it: no decimals, because its interval is wider than that. */
export function estimatedShare(share: number): string {
  return `${Math.round(share * 100)}%`;
}

/** An accuracy as people read it: one decimal. */
export function accuracy(share: number): string {
  return `${(share * 100).toFixed(1)}%`;
}

/** `97% (91-99%)` */
export function estimate({ value, low, high }: Estimate): string {
  return `${estimatedShare(value)} (${Math.round(low * 100)}-${estimatedShare(high)})`;
}
