import { modelTitles } from '../protocol/model';
import type { PurifyReport } from '../protocol/reports';
import { html } from './dom';
import { plain } from './format';
import { section } from './section';

type Row = readonly [name: string, value: string | undefined];

/** Everything that decided the result, and the same run as a command. */
export function reproduceSection(report: PurifyReport): HTMLElement {
  const { settings, architecture } = report;
  const short: readonly Row[] = [
    ['Seed', String(settings.seed)],
    ['Clean graphs', settings.cleanGraphs?.toString()],
    ['Held-back graphs', settings.testGraphs.toString()],
    ['Holding rate', settings.holdingRate?.toString()],
    ['Node features', settings.features],
    ['Method', report.methodTitle],
    ['Backend', settings.backend],
  ];
  const options = Object.entries(settings.options).map(([name, value]): Row => [name, optionText(value)]);
  const long: readonly Row[] = [
    ['Model', `${modelTitles[architecture.kind]}, ${architecture.layers} layers, ${shape(architecture)}`],
    ...report.notes.map((note): Row => ['Note', note]),
    ['Clean data', settings.data],
  ];
  const hashes: readonly Row[] = [
    ['Data hash', settings.dataHash],
    ['Original, SHA-256', report.sha256],
    ['Purified, SHA-256', report.outputSha256],
  ];
  return section(
    'Reproduce',
    html('pre', { class: 'command', tabindex: 0, 'aria-label': 'Command line' }, html('code', {}, report.commandLine)),
    html('dl', {}, ...long.flatMap((row) => pair(row)), ...hashes.flatMap((row) => pair(row, 'hash'))),
    grid(short),
    html('details', {}, html('summary', {}, `All ${options.length} options of the method`), grid(options)),
  );
}

function grid(rows: readonly Row[]): HTMLElement {
  const known = rows.filter(([, value]) => value !== undefined);
  return html('dl', { class: 'settings' }, ...known.map((row) => html('div', {}, ...pair(row))));
}

function pair([name, value]: Row, className?: string): HTMLElement[] {
  if (value === undefined) return [];
  return [html('dt', {}, name), html('dd', { class: className }, value)];
}

function shape({ inputs, hidden, classes, readout }: PurifyReport['architecture']): string {
  return `${inputs} → ${hidden} → ${classes}, ${readout} readout`;
}

function optionText(value: unknown): string {
  if (typeof value === 'number') return plain(value);
  return typeof value === 'string' ? value : JSON.stringify(value);
}
