/** One line of a plot. */
export interface PlotSeries {
  readonly name: string;
  /** By ascending x; `deviation` is drawn as an error bar to both sides. */
  readonly points: readonly { readonly x: number; readonly y: number; readonly deviation: number }[];
}

export interface LinePlot {
  readonly title: string;
  /** What it shows, for those who do not see it. */
  readonly description: string;
  readonly xLabel: string;
  readonly yLabel: string;
  /** Ends of the y axis. */
  readonly yRange: readonly [number, number];
  /** At most {@link mostSeries}. */
  readonly series: readonly PlotSeries[];
}

/**
 * Colours of middle lightness, told apart by most colour-blind people and readable on light and dark ground (Okabe & Ito
 * 2008, darkened or lightened); shape and dash differ, too.
 */
const styles = [
  { colour: '#0a7fc2', dash: '', marker: 'circle' },
  { colour: '#c8561b', dash: '7 3', marker: 'square' },
  { colour: '#0f9672', dash: '2 3', marker: 'diamond' },
  { colour: '#b0679b', dash: '9 3 2 3', marker: 'triangle' },
  { colour: '#9a7d0a', dash: '4 4', marker: 'circle' },
  { colour: '#7c7cc9', dash: '1 2', marker: 'square' },
  { colour: '#808080', dash: '12 4', marker: 'diamond' },
] as const;
export const mostSeries = styles.length;
/** Contrast of at least 3.5 to 1 with white and with the dark grounds of editors. */
const ink = '#7a7a7a';

const width = 640;
const height = 380;
const frame = { left: 62, right: 16, top: 40, bottom: 54 };
const legendRow = 20;

/**
 * A line plot with error bars as an SVG document, for light and dark pages alike. The same input gives the same bytes.
 *
 * @throws RangeError for no point at all, or more series than there are styles
 */
export function linePlot(plot: LinePlot): string {
  const points = plot.series.flatMap((series) => series.points);
  if (points.length === 0) throw new RangeError('a plot needs at least one point');
  if (plot.series.length > mostSeries) throw new RangeError(`a plot has at most ${mostSeries} series`);
  const xs = [...new Set(points.map(({ x }) => x))].sort((a, b) => a - b);
  const [first, last] = [xs[0], xs[xs.length - 1]];
  const pad = last > first ? 0.06 * (last - first) : 1;
  const [low, high] = plot.yRange;
  const x = scale(first - pad, last + pad, frame.left, width - frame.right);
  const y = scale(low, high, height - frame.bottom, frame.top);
  const total = height + legendRow * Math.ceil(plot.series.length / 2);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${total}" width="${width}" height="${total}" ` +
      `role="img" aria-labelledby="title desc" font-family="system-ui, sans-serif" font-size="13" fill="${ink}">`,
    `<title id="title">${escaped(plot.title)}</title>`,
    `<desc id="desc">${escaped(plot.description)}</desc>`,
    text(width / 2, 22, plot.title, 'middle', 'font-size="15" font-weight="600"'),
    ...yAxis(plot, y),
    ...xs.map((value) => text(x(value), height - frame.bottom + 20, numberText(value), 'middle')),
    text((frame.left + width - frame.right) / 2, height - 12, plot.xLabel, 'middle'),
    ...plot.series.map((series, i) => drawSeries(series, i, plot.series.length, x, y, [low, high])),
    ...plot.series.map((series, i) => legend(series.name, i)),
    '</svg>\n',
  ].join('\n');
}

type Scale = (value: number) => number;

function scale(from: number, to: number, start: number, end: number): Scale {
  return (value) => start + ((value - from) / (to - from)) * (end - start);
}

function yAxis({ yRange: [low, high], yLabel }: LinePlot, y: Scale): string[] {
  const step = tickStep((high - low) / 5);
  const ticks: number[] = [];
  for (let i = Math.ceil(low / step - 1e-9); i * step <= high + 1e-9 * step; i++) ticks.push(i * step);
  return [
    ...ticks.flatMap((tick) => [
      `<path d="M${frame.left} ${px(y(tick))}H${width - frame.right}" stroke="${ink}" stroke-opacity="0.35" fill="none"/>`,
      text(frame.left - 8, y(tick) + 4, numberText(tick), 'end'),
    ]),
    `<text transform="translate(16 ${px((frame.top + height - frame.bottom) / 2)}) rotate(-90)" ` +
      `text-anchor="middle">${escaped(yLabel)}</text>`,
  ];
}

/** 1, 2 or 5 times a power of ten, at least `wanted`. */
function tickStep(wanted: number): number {
  const power = 10 ** Math.floor(Math.log10(wanted));
  return power * ([1, 2, 5].find((factor) => factor * power >= wanted * (1 - 1e-9)) ?? 10);
}

function drawSeries(
  { name, points }: PlotSeries,
  index: number,
  count: number,
  x: Scale,
  y: Scale,
  [low, high]: readonly [number, number],
): string {
  const { colour, dash, marker } = styles[index];
  const within = (value: number): number => y(Math.min(high, Math.max(low, value)));
  // Series are set apart by a few pixels, lest their error bars hide each other.
  const at = (value: number): number => x(value) + 3 * (index - (count - 1) / 2);
  const line = points.map((point, i) => `${i === 0 ? 'M' : 'L'}${px(at(point.x))} ${px(within(point.y))}`).join('');
  const bars = points
    .filter(({ deviation }) => deviation > 0)
    .map(({ x: value, y: centre, deviation }) => {
      const [top, bottom, middle] = [within(centre + deviation), within(centre - deviation), at(value)];
      const cap = (end: number): string => `M${px(middle - 4)} ${px(end)}h8`;
      return `M${px(middle)} ${px(top)}V${px(bottom)}${cap(top)}${cap(bottom)}`;
    })
    .join('');
  const dashes = dash === '' ? '' : ` stroke-dasharray="${dash}"`;
  return [
    `<g stroke="${colour}" fill="none" stroke-width="2">`,
    `<title>${escaped(name)}</title>`,
    `<path d="${line}"${dashes}/>`,
    ...(bars === '' ? [] : [`<path d="${bars}" stroke-width="1.3"/>`]),
    ...points.map((point) => drawMarker(marker, at(point.x), within(point.y), colour)),
    '</g>',
  ].join('\n');
}

function drawMarker(kind: (typeof styles)[number]['marker'], x: number, y: number, colour: string): string {
  const fill = `fill="${colour}" stroke="none"`;
  switch (kind) {
    case 'circle':
      return `<circle cx="${px(x)}" cy="${px(y)}" r="4" ${fill}/>`;
    case 'square':
      return `<path d="M${px(x - 4)} ${px(y - 4)}h8v8h-8z" ${fill}/>`;
    case 'diamond':
      return `<path d="M${px(x)} ${px(y - 5)}l5 5l-5 5l-5 -5z" ${fill}/>`;
    case 'triangle':
      return `<path d="M${px(x)} ${px(y - 5)}l5 9h-10z" ${fill}/>`;
  }
}

/** Two columns below the plot. */
function legend(name: string, index: number): string {
  const { colour, dash, marker } = styles[index];
  const left = index % 2 === 0 ? frame.left : (frame.left + width) / 2;
  const middle = height + legendRow * Math.floor(index / 2) + 4;
  const dashes = dash === '' ? '' : ` stroke-dasharray="${dash}"`;
  return [
    `<path d="M${left} ${middle}h30" stroke="${colour}" stroke-width="2" fill="none"${dashes}/>`,
    drawMarker(marker, left + 15, middle, colour),
    text(left + 38, middle + 4, name, 'start'),
  ].join('\n');
}

function text(x: number, y: number, content: string, anchor: string, attributes = ''): string {
  const more = attributes === '' ? '' : ` ${attributes}`;
  return `<text x="${px(x)}" y="${px(y)}" text-anchor="${anchor}"${more}>${escaped(content)}</text>`;
}

/** Pixels with one digit, so that rounding elsewhere does not show up as a change of the file. */
function px(value: number): string {
  return String(Number(value.toFixed(1)));
}

function numberText(value: number): string {
  return String(Number(value.toPrecision(6)));
}

function escaped(content: string): string {
  return content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
