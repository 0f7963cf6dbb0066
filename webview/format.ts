import type { Estimate } from '../protocol/reports';

/** A share that was counted: one decimal, such as an accuracy. */
export function counted(share: number): string {
  return `${(share * 100).toFixed(1)}%`;
}

/** A share that was estimated: no decimals, because its interval is wider than that. */
export function estimated(share: number): string {
  return `${Math.round(share * 100)}%`;
}

/** `91–99%` */
export function interval({ low, high }: Estimate, decimals = 0): string {
  return `${(low * 100).toFixed(decimals)}–${(high * 100).toFixed(decimals)}%`;
}

/** A difference of shares in percentage points, as a deviation is: `0.4`. */
export function points(difference: number, decimals: number): string {
  return (difference * 100).toFixed(decimals);
}

/** A loss or another plain number, in as few characters as say something. */
export function plain(value: number): string {
  if (value === 0) return '0';
  const magnitude = Math.abs(value);
  if (magnitude < 0.001 || magnitude >= 1e5) return value.toExponential(1).replace('e+', 'e');
  return String(Number(value.toPrecision(3)));
}

/** `about 6 s left`, `about 2 min left` */
export function timeLeft(seconds: number): string {
  return seconds < 90 ? `about ${seconds} s left` : `about ${Math.round(seconds / 60)} min left`;
}

/** Words of the engine, in which arrows are written `->`, as a page shows them. */
export function withArrows(text: string): string {
  return text.replaceAll('->', '→');
}
