import { linePlot, mostSeries, type PlotSeries } from '../linePlot';
import { overSeeds, type Combination } from './combination';
import type { GridOutline } from './outline';
import type { MeasuredCell } from './record';
import { groupBy } from './spread';

export interface NamedPlot {
  /** File name. */
  readonly name: string;
  readonly title: string;
  readonly svg: string;
}

const figures = [
  { key: 'asr', label: 'ASR' },
  { key: 'flipAsr', label: 'flip ASR' },
  { key: 'acc', label: 'ACC' },
] as const;

/**
 * The plots that a grid asks for: means over all attacks and architectures, with the deviation over seeds. A line is a
 * data set with a defense; where the plot is over an option, variants of a defense are one line, and all but the last
 * word of their names is what it is called. Lines that do not fit one plot make another.
 */
export function gridPlots(grid: GridOutline, combinations: readonly Combination[]): NamedPlot[] {
  const { plot } = grid;
  if (plot === undefined) return [];
  const records = combinations.flatMap(({ measured }) => measured);
  const placed = records.filter((record) => abscissa(record, plot.over) !== undefined);
  return figures.flatMap(({ key, label }) =>
    chunks(seriesOf(placed, plot.over, key), mostSeries).map((series, i) => {
      const number = i === 0 ? '' : String(i + 1);
      const title = [`${label} over ${plot.label}`, ...(number === '' ? [] : [number])].join(', ');
      const svg = linePlot({
        title,
        description: describe(label, plot.label, series),
        xLabel: plot.label,
        yLabel: `${label}, %`,
        yRange: [0, 100],
        series,
      });
      const file = [grid.name, key === 'flipAsr' ? 'flip-asr' : key, ...(number === '' ? [] : [number])].join('-');
      return { name: `${file}.svg`, title: `${grid.title}: ${title}`, svg };
    }),
  );
}

function seriesOf(records: readonly MeasuredCell[], over: string, key: (typeof figures)[number]['key']): PlotSeries[] {
  const dataSets = new Set(records.map(({ cell }) => cell.data));
  const lineOf = ({ cell: { data, defense } }: MeasuredCell): string => {
    const name = over === 'holdingRate' ? defense : defense.replace(/ [^ ]+$/, '');
    return dataSets.size > 1 ? `${data}, ${name}` : name;
  };
  const lines = [...groupBy(records, lineOf)].map(([name, own]) => ({ name, points: pointsOf(own, over, key) }));
  return lines.filter(({ points }) => points.length > 0);
}

function pointsOf(
  records: readonly MeasuredCell[],
  over: string,
  key: (typeof figures)[number]['key'],
): PlotSeries['points'] {
  return [...groupBy(records, (record) => String(abscissa(record, over)))]
    .map(([at, own]) => ({ x: Number(at), spread: overSeeds(own, ({ after }) => after[key]) }))
    .flatMap(({ x, spread }) => (spread ? [{ x, y: 100 * spread.mean, deviation: 100 * spread.deviation }] : []))
    .sort((a, b) => a.x - b.x);
}

/** Where a cell stands on the x axis: its holding rate in percent, or the value of an option that its defense sets. */
function abscissa({ cell, options }: MeasuredCell, over: string): number | undefined {
  if (over === 'holdingRate') return Number((100 * cell.holdingRate).toPrecision(6));
  const value = options[over];
  return typeof value === 'number' ? value : undefined;
}

function describe(figure: string, over: string, series: readonly PlotSeries[]): string {
  const lines = series.map(
    ({ name, points }) => `${name}: ${points.map(({ x, y }) => `${y.toFixed(1)}% at ${x}`).join(', ')}`,
  );
  return `Mean ${figure} of purified models over ${over}. ${lines.join('. ')}.`;
}

function chunks<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size));
}
