/** From data to pixels. Pure. */

export interface Scale {
  readonly kind: 'linear' | 'log';
  /** Where the axis begins and ends, in data units; `low < high`. */
  readonly low: number;
  readonly high: number;
  /** Labelled values, ascending, inside the axis. */
  readonly ticks: readonly number[];
  /** Position on the axis: 0 at `low`, 1 at `high`. */
  readonly position: (value: number) => number;
}

/** An axis with about `count` round ticks that holds all values; `[0, 1]` where there are none. */
export function linearScale(values: readonly number[], count = 4): Scale {
  const finite = values.filter(Number.isFinite);
  let low = finite.length === 0 ? 0 : Math.min(...finite);
  let high = finite.length === 0 ? 1 : Math.max(...finite);
  const size = Math.max(Math.abs(low), Math.abs(high));
  if (high - low <= size * 1e-9 || size < 1e-12) {
    // A flat line stands in the middle.
    const margin = size < 1e-12 ? 1 : size * 0.1;
    low -= margin;
    high += margin;
  }
  const step = roundStep((high - low) / count);
  low = Math.floor(low / step) * step;
  high = Math.ceil(high / step) * step;
  const ticks = Array.from({ length: Math.round((high - low) / step) + 1 }, (_, index) => tidy(low + index * step));
  return { kind: 'linear', low, high, ticks, position: (value) => (value - low) / (high - low) };
}

/** An axis of powers of ten that holds all positive values. */
export function logScale(values: readonly number[]): Scale {
  const positive = values.filter((value) => Number.isFinite(value) && value > 0);
  const first = positive.length === 0 ? -1 : Math.floor(Math.log10(Math.min(...positive)));
  const last = positive.length === 0 ? 0 : Math.ceil(Math.log10(Math.max(...positive)));
  const end = Math.max(last, first + 1);
  // At most six labels, whole decades apart.
  const step = Math.ceil((end - first) / 5);
  const ticks: number[] = [];
  for (let exponent = first; exponent <= end; exponent += step) ticks.push(10 ** exponent);
  return {
    kind: 'log',
    low: 10 ** first,
    high: 10 ** end,
    ticks,
    // What is not positive has no logarithm and is drawn at the bottom.
    position: (value) => (value <= 0 ? 0 : Math.max(0, (Math.log10(value) - first) / (end - first))),
  };
}

/** Terms that differ a hundredfold are not readable together on a linear axis. */
export function lossScale(values: readonly number[]): Scale {
  const positive = values.filter((value) => Number.isFinite(value) && value > 0);
  const spread = positive.length === 0 ? 1 : Math.max(...positive) / Math.min(...positive);
  return spread > 100 ? logScale(positive) : linearScale([0, ...values]);
}

/** The next larger of 1, 2, 5 times a power of ten. */
function roundStep(rough: number): number {
  const magnitude = 10 ** Math.floor(Math.log10(rough));
  const factor = [1, 2, 5, 10].find((candidate) => candidate * magnitude >= rough * (1 - 1e-9)) ?? 10;
  return factor * magnitude;
}

/** Removes what adding steps left behind: 0.30000000000000004. */
function tidy(value: number): number {
  return Number(value.toPrecision(12));
}
