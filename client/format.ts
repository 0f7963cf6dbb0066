import type { Estimate } from '../protocol/reports';

/** `97% (91-99%)`: no decimals, because the interval is wider than they are. */
export function estimate({ value, low, high }: Estimate): string {
  const [shown, from, to] = [value, low, high].map((share) => Math.round(share * 100));
  return `${shown}% (${from}-${to}%)`;
}

/** `1 tensor`, `2,000 tensors` */
export function plural(count: number, noun: string): string {
  return `${count.toLocaleString('en-US')} ${noun}${count === 1 ? '' : 's'}`;
}
