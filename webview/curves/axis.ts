import { scaleLinear, scaleLog, type ScaleContinuousNumeric } from 'd3-scale';

/** The vertical axis of a chart, in data units. */
export interface Axis {
  readonly kind: 'linear' | 'log';
  /** Where it begins and ends; `low < high`. */
  readonly domain: readonly [low: number, high: number];
  /** Labelled values, ascending, within the domain. */
  readonly ticks: readonly number[];
}

/** Most labels of a logarithmic axis. */
const mostDecades = 6;

/** An axis with about `count` round ticks that holds all values; `[0, 1]` where there are none. */
export function linearAxis(values: readonly number[], count = 4): Axis {
  const finite = values.filter(Number.isFinite);
  let [low, high] = finite.length === 0 ? [0, 1] : [Math.min(...finite), Math.max(...finite)];
  const size = Math.max(Math.abs(low), Math.abs(high));
  if (high - low <= size * 1e-9 || size < 1e-12) {
    // A flat line stands in the middle.
    const margin = size < 1e-12 ? 1 : size * 0.1;
    [low, high] = [low - margin, high + margin];
  }
  const scale = scaleLinear([low, high], [0, 1]).nice(count);
  return { kind: 'linear', domain: ends(scale), ticks: scale.ticks(count) };
}

/** An axis over whole powers of ten that holds all positive values. */
export function logAxis(values: readonly number[]): Axis {
  const positive = values.filter((value) => Number.isFinite(value) && value > 0);
  const [low, high] = positive.length === 0 ? [0.1, 1] : [Math.min(...positive), Math.max(...positive)];
  const domain = ends(scaleLog([low, low === high ? low * 10 : high], [0, 1]).nice());
  const [first, last] = domain.map((end) => Math.round(Math.log10(end)));
  const step = Math.ceil((last - first) / (mostDecades - 1));
  const ticks: number[] = [];
  for (let exponent = first; exponent <= last; exponent += step) ticks.push(10 ** exponent);
  return { kind: 'log', domain, ticks };
}

/** Terms that differ a hundredfold are not readable together on a linear axis. */
export function lossAxis(values: readonly number[]): Axis {
  const positive = values.filter((value) => Number.isFinite(value) && value > 0);
  const spread = positive.length === 0 ? 1 : Math.max(...positive) / Math.min(...positive);
  return spread > 100 ? logAxis(positive) : linearAxis([0, ...values]);
}

/**
 * From data to positions.
 *
 * @param range positions of the axis' beginning and end; what lies beyond it, or has no logarithm, is drawn at its ends
 */
export function positionsOn({ kind, domain }: Axis, range: readonly [number, number]): (value: number) => number {
  const scale = (kind === 'log' ? scaleLog : scaleLinear)(domain, range).clamp(true);
  // Zero and less have no logarithm.
  return (value) => scale(kind === 'log' ? Math.max(value, domain[0]) : value);
}

function ends(scale: ScaleContinuousNumeric<number, number>): [number, number] {
  const [low, high] = scale.domain();
  return [low, high];
}
