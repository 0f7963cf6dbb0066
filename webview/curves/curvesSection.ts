import type { CurvePoint } from '../../protocol/reports';
import { html } from '../dom';
import { section } from '../section';
import { curveCharts, type Chart } from './charts';
import { drawChart, valueText } from './drawChart';

/** Outlives redrawing, so that a table that someone reads stays open while new epochs arrive. */
let tablesOpen = false;

/** The training curves, and their values as tables for those who want or need figures. */
export function curvesSection(points: readonly CurvePoint[]): HTMLElement | undefined {
  const charts = curveCharts(points);
  if (charts.length === 0) return undefined;
  const tables = html('details', { open: tablesOpen }, html('summary', {}, 'Values as tables'));
  const fill = () => {
    tablesOpen = tables.open;
    if (tables.open && tables.childElementCount === 1) tables.append(...charts.map(valueTable));
  };
  tables.addEventListener('toggle', fill);
  fill();
  const shown = html('div', { class: 'charts' }, ...charts.map(drawChart));
  return section('Training', shown, whatIsMeasured(points), tables);
}

/** The curves are no figures to judge by: what they are measured on is said where they stand. */
function whatIsMeasured(points: readonly CurvePoint[]): HTMLElement {
  const asr = points.some((point) => point.asr !== undefined)
    ? ' The ASR is of one made-up trigger, the best of forty on the suspect; the comparison has a searched one.'
    : '';
  return html('p', { class: 'quiet measured' }, `Measured on the clean graphs that training sees.${asr}`);
}

function valueTable(chart: Chart): HTMLElement {
  const epochs = [...new Set(chart.series.flatMap(({ points }) => points.map(([epoch]) => epoch)))].sort(
    (a, b) => a - b,
  );
  const columns = chart.series.map(({ points }) => new Map(points));
  return html(
    'table',
    { class: 'figures values' },
    html('caption', {}, chart.title),
    html(
      'thead',
      {},
      html(
        'tr',
        {},
        html('th', { scope: 'col' }, 'epoch'),
        ...chart.series.map(({ label }) => html('th', { scope: 'col' }, label)),
      ),
    ),
    html(
      'tbody',
      {},
      ...epochs.map((epoch) =>
        html(
          'tr',
          {},
          html('th', { scope: 'row' }, String(epoch)),
          ...columns.map((values) => {
            const value = values.get(epoch);
            return html('td', {}, value === undefined ? '–' : valueText(chart, value));
          }),
        ),
      ),
    ),
  );
}
