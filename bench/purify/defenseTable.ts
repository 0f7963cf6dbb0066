import { columns, type Measurement } from './measurements';

const dataSets = ['aids', 'proteins', 'dhfr', 'nci1'];

/**
 * A markdown table: a row a model and one a data set (mean over its models), `ACC / ASR / flip ASR` in percent, with
 * the standard deviation over seeds behind each figure of more than one seed.
 */
export function defenseTable(measurements: readonly Measurement[]): string {
  const shown = columns.filter((column) => measurements.some((one) => one.column === column));
  const titles = shown.map((column) => (column === 'teacher' ? 'teacher (bounded)' : column));
  const heading = ['model', ...titles, ...(shown.includes('graphnad') ? ['s'] : [])];
  const rows = [heading, heading.map(() => '---')];
  for (const dataSet of dataSets) {
    const own = measurements.filter(({ fixture }) => fixture.toLowerCase().startsWith(`${dataSet}-`));
    const names = [...new Set(own.map(({ fixture }) => fixture))].sort();
    for (const name of names)
      rows.push(
        row(
          name,
          shown,
          own.filter(({ fixture }) => fixture === name),
        ),
      );
    if (names.length > 1) rows.push(row(`**${dataSet.toUpperCase()}, mean**`, shown, own));
  }
  return rows.map((cells) => `| ${cells.join(' | ')} |\n`).join('');
}

function row(title: string, shown: readonly Measurement['column'][], measurements: readonly Measurement[]): string[] {
  const cells = shown.map((column) => {
    const own = measurements.filter((one) => one.column === column);
    if (own.length === 0) return '';
    return [figure(own, 'acc'), figure(own, 'asr'), figure(own, 'flipAsr')].join(' / ');
  });
  const times = measurements.filter(({ column }) => column === 'graphnad').map(({ seconds }) => seconds);
  return [title, ...cells, ...(shown.includes('graphnad') ? [times.length > 0 ? mean(times).toFixed(0) : ''] : [])];
}

/** Mean over models and seeds, and the deviation over seeds of the mean over models. */
function figure(measurements: readonly Measurement[], key: 'acc' | 'asr' | 'flipAsr'): string {
  const seeds = [...new Set(measurements.map(({ seed }) => seed))];
  const bySeed = seeds.map((seed) => mean(measurements.filter((one) => one.seed === seed).map((one) => one[key])));
  const text = (100 * mean(bySeed)).toFixed(1);
  const deviation = (100 * standardDeviation(bySeed)).toFixed(1);
  return deviation === '0.0' ? text : `${text} ±${deviation}`;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Sample standard deviation; 0 for a single value. */
function standardDeviation(values: readonly number[]): number {
  if (values.length < 2) return 0;
  const centre = mean(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1));
}
