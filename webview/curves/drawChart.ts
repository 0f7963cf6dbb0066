import { axisBottom, axisLeft } from 'd3-axis';
import { scaleLinear, scaleLog, type NumberValue, type ScaleLinear } from 'd3-scale';
import { pointer, select, type Selection } from 'd3-selection';
import { line } from 'd3-shape';
import { html, svg } from '../dom';
import { counted, plain } from '../format';
import { positionsOn } from './axis';
import type { Chart, Series } from './charts';

/** Units of the drawing; the style sheet scales it to the column. */
const width = 360;
const height = 196;
const plot = { left: 46, right: width - 12, top: 10, bottom: height - 32 };

/** Colour and dashes belong to the curve, so that it looks the same in every chart. */
const styleOrder = ['clean', 'triggered', 'ce', 'attention', 'relation', 'accuracy', 'asr'];

/** A chart with its legend, which shows the last values, or those under the pointer. */
export function drawChart(chart: Chart): HTMLElement {
  const legend = new Map(chart.series.map((series) => [series.name, html('span', { class: 'legend-value' })]));
  const showValues = (epoch: number): void => {
    for (const { name, points } of chart.series) {
      const point = points.filter(([at]) => at <= epoch).at(-1);
      legend.get(name)?.replaceChildren(point === undefined ? '' : valueText(chart, point[1]));
    }
  };
  showValues(chart.epochs);
  return html(
    'figure',
    { class: 'chart' },
    html(
      'figcaption',
      {},
      html('span', { class: 'chart-title' }, chart.title),
      html('span', { class: 'quiet' }, chart.axis.kind === 'log' ? 'log scale' : ''),
    ),
    drawing(chart, showValues),
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

type Drawing = Selection<SVGSVGElement, unknown, null, undefined>;

function drawing(chart: Chart, showValues: (epoch: number) => void): SVGSVGElement {
  const node = svg('svg', { viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': description(chart) });
  const root = select(node);
  // A single epoch stands in the middle.
  const x = scaleLinear(chart.epochs > 1 ? [1, chart.epochs] : [0, 2], [plot.left, plot.right]);
  drawAxes(root, chart, x);
  for (const { epoch, label } of chart.breaks) {
    const at = x(epoch + 0.5);
    root
      .append('line')
      .attr('class', 'break')
      .attr('x1', at)
      .attr('x2', at)
      .attr('y1', plot.top)
      .attr('y2', plot.bottom);
    root
      .append('text')
      .attr('class', 'break-label')
      .attr('x', at + 4)
      .attr('y', (plot.top + plot.bottom) / 2)
      .text(label);
  }
  const y = positionsOn(chart.axis, [plot.bottom, plot.top]);
  for (const series of chart.series) drawSeries(root, series, x, y);
  const cursor = root
    .append('line')
    .attr('class', 'cursor')
    .attr('y1', plot.top)
    .attr('y2', plot.bottom)
    .attr('visibility', 'hidden');
  root
    .on('pointermove', (event: PointerEvent) => {
      const epoch = Math.min(chart.epochs, Math.max(1, Math.round(x.invert(pointer(event, node)[0]))));
      cursor.attr('x1', x(epoch)).attr('x2', x(epoch)).attr('visibility', 'visible');
      showValues(epoch);
    })
    .on('pointerleave', () => {
      cursor.attr('visibility', 'hidden');
      showValues(chart.epochs);
    });
  return node;
}

function drawAxes(root: Drawing, { axis, unit, epochs }: Chart, x: ScaleLinear<number, number>): void {
  const scale = (axis.kind === 'log' ? scaleLog : scaleLinear)(axis.domain, [plot.bottom, plot.top]);
  const left = axisLeft<NumberValue>(scale)
    .tickValues(axis.ticks)
    .tickFormat((value) => (unit === 'share' ? `${plain(Number(value) * 100)}%` : plain(Number(value))))
    // Ticks that run through the plot are its grid.
    .tickSize(-(plot.right - plot.left))
    .tickPadding(6);
  root.append('g').attr('class', 'axis axis-y').attr('transform', `translate(${plot.left},0)`).call(left);
  const bottom = axisBottom<NumberValue>(x).tickValues(epochTicks(epochs)).tickFormat(String).tickSize(4);
  root.append('g').attr('class', 'axis axis-x').attr('transform', `translate(0,${plot.bottom})`).call(bottom);
  root
    .append('text')
    .attr('class', 'axis-title')
    .attr('x', plot.left - 6)
    .attr('y', plot.bottom + 13)
    .attr('text-anchor', 'end')
    .text('epoch');
}

/** Round epochs, and the first and the last; none so near to those that their labels would touch. */
function epochTicks(epochs: number): number[] {
  const apart = epochs / 12;
  const between = scaleLinear([1, epochs], [0, 1])
    .ticks(5)
    .filter((epoch) => Number.isInteger(epoch) && epoch - 1 > apart && epochs - epoch > apart);
  return [...new Set([1, ...between, epochs])];
}

function drawSeries(root: Drawing, series: Series, x: (epoch: number) => number, y: (value: number) => number): void {
  const style = styleClass(series);
  const [only, ...others] = series.points;
  if (others.length === 0) {
    // One epoch is no line yet.
    root.append('circle').attr('class', `dot ${style}`).attr('cx', x(only[0])).attr('cy', y(only[1])).attr('r', 2.5);
    return;
  }
  const path = line<readonly [number, number]>(
    ([epoch]) => x(epoch),
    ([, value]) => y(value),
  ).digits(1);
  root.append('path').attr('class', `line ${style}`).attr('d', path(series.points));
}

function sample(series: Series): SVGElement {
  return svg(
    'svg',
    { class: 'sample', viewBox: '0 0 26 8', 'aria-hidden': 'true' },
    svg('path', { class: `line ${styleClass(series)}`, d: 'M0,4H26' }),
  );
}

function styleClass({ name }: Series): string {
  const index = styleOrder.indexOf(name);
  return `series-${index === -1 ? 'other' : index}`;
}

/** What someone who cannot see the drawing is told; the values follow in a table. */
function description(chart: Chart): string {
  const changes = chart.series.map(({ label, points }) => {
    const [first, last] = [points[0][1], points[points.length - 1][1]];
    return `${label} from ${valueText(chart, first)} to ${valueText(chart, last)}`;
  });
  return `${chart.title} over ${chart.epochs} epochs: ${changes.join('; ')}`;
}
