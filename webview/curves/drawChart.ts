import { html, svg } from '../dom';
import { counted, plain } from '../format';
import type { Chart, Series } from './charts';

/** Units of the drawing; the style sheet scales it to the column. */
const width = 360;
const height = 190;
const plot = { left: 46, right: 12, top: 10, bottom: 26 };

/** Colour and dashes belong to the loss, so that it looks the same in every chart. */
const styleOrder = ['clean', 'triggered', 'ce', 'attention', 'relation', 'accuracy'];

/** A chart with its legend, which shows the last values, or those under the pointer. */
export function drawChart(chart: Chart): HTMLElement {
  const legend = new Map(chart.series.map((series) => [series.name, html('span', { class: 'legend-value' })]));
  const cursor = svg('line', { class: 'cursor', y1: plot.top, y2: height - plot.bottom, visibility: 'hidden' });
  const showValues = (epoch: number) => {
    for (const { name, points } of chart.series) {
      const point = points.filter(([at]) => at <= epoch).at(-1);
      legend.get(name)?.replaceChildren(point === undefined ? '' : valueText(chart, point[1]));
    }
  };
  showValues(chart.epochs);

  const drawing = svg(
    'svg',
    { viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': description(chart) },
    ...yAxis(chart),
    ...xAxis(chart),
    ...chart.series.map((series) => line(chart, series)),
    cursor,
  );
  drawing.addEventListener('pointermove', (event) => {
    const box = drawing.getBoundingClientRect();
    const epoch = Math.round(epochAt(chart, ((event.clientX - box.left) / box.width) * width));
    cursor.setAttribute('x1', String(x(chart, epoch)));
    cursor.setAttribute('x2', String(x(chart, epoch)));
    cursor.setAttribute('visibility', 'visible');
    showValues(epoch);
  });
  drawing.addEventListener('pointerleave', () => {
    cursor.setAttribute('visibility', 'hidden');
    showValues(chart.epochs);
  });

  return html(
    'figure',
    { class: 'chart' },
    html(
      'figcaption',
      {},
      html('span', { class: 'chart-title' }, chart.title),
      html('span', { class: 'quiet' }, chart.scale.kind === 'log' ? 'log scale' : ''),
    ),
    drawing,
    html(
      'ul',
      { class: 'legend' },
      ...chart.series.map((series) =>
        html('li', {}, sample(series), html('span', {}, series.label), legend.get(series.name)),
      ),
    ),
  );
}

/** A value as the chart's axis and legend write it. */
export function valueText(chart: Chart, value: number): string {
  return chart.unit === 'share' ? counted(value) : plain(value);
}

function yAxis(chart: Chart): SVGElement[] {
  return chart.scale.ticks.flatMap((tick) => {
    const at = y(chart, tick);
    const label = chart.unit === 'share' ? `${plain(tick * 100)}%` : plain(tick);
    return [
      svg('line', { class: 'grid', x1: plot.left, x2: width - plot.right, y1: at, y2: at }),
      svg(
        'text',
        { class: 'tick', x: plot.left - 6, y: at, 'text-anchor': 'end', 'dominant-baseline': 'middle' },
        label,
      ),
    ];
  });
}

function xAxis(chart: Chart): SVGElement[] {
  const below = height - plot.bottom + 15;
  const ends = chart.epochs > 1 ? [1, chart.epochs] : [1];
  return [
    ...ends.map((epoch) =>
      svg('text', { class: 'tick', x: x(chart, epoch), y: below, 'text-anchor': 'middle' }, String(epoch)),
    ),
    svg('text', { class: 'tick', x: (plot.left + width - plot.right) / 2, y: below, 'text-anchor': 'middle' }, 'epoch'),
    ...chart.breaks.flatMap(({ epoch, label }) => {
      const at = x(chart, epoch + 0.5);
      return [
        svg('line', { class: 'break', x1: at, x2: at, y1: plot.top, y2: height - plot.bottom }),
        svg('text', { class: 'tick', x: at + 4, y: height - plot.bottom - 6 }, label),
      ];
    }),
  ];
}

function line(chart: Chart, series: Series): SVGElement {
  const corners = series.points.map(([epoch, value]) => [x(chart, epoch), y(chart, value)] as const);
  const style = styleClass(series);
  // One epoch is no line yet.
  if (corners.length === 1)
    return svg('circle', { class: `dot ${style}`, cx: corners[0][0], cy: corners[0][1], r: 2.5 });
  return svg('polyline', { class: `line ${style}`, points: corners.map(([px, py]) => `${px},${py}`).join(' ') });
}

function sample(series: Series): SVGElement {
  return svg(
    'svg',
    { class: 'sample', viewBox: '0 0 26 8', 'aria-hidden': 'true' },
    svg('polyline', { class: `line ${styleClass(series)}`, points: '0,4 26,4' }),
  );
}

function styleClass({ name }: Series): string {
  const index = styleOrder.indexOf(name);
  return `series-${index === -1 ? 'other' : index}`;
}

function x(chart: Chart, epoch: number): number {
  const span = Math.max(1, chart.epochs - 1);
  return round(plot.left + ((epoch - 1) / span) * (width - plot.left - plot.right));
}

function epochAt(chart: Chart, position: number): number {
  const share = (position - plot.left) / (width - plot.left - plot.right);
  return Math.min(chart.epochs, Math.max(1, 1 + share * (chart.epochs - 1)));
}

function y(chart: Chart, value: number): number {
  const bottom = height - plot.bottom;
  return round(bottom - Math.min(1, Math.max(0, chart.scale.position(value))) * (bottom - plot.top));
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

/** What someone who cannot see the drawing is told; the values follow in a table. */
function description(chart: Chart): string {
  const changes = chart.series.map(({ label, points }) => {
    const [first, last] = [points[0][1], points[points.length - 1][1]];
    return `${label} from ${valueText(chart, first)} to ${valueText(chart, last)}`;
  });
  return `${chart.title} over ${chart.epochs} epochs: ${changes.join('; ')}`;
}
