import { shareOfModels } from '../protocol/numberText';
import type { BackdoorEvidence, Estimate, Metrics, PurifyReport, StageFigures, StageResult } from '../protocol/reports';
import type { SeedFigure, SeedReport, Spread } from '../protocol/seeds';
import { html } from './dom';
import { counted, estimated, interval, points } from './format';
import { section } from './section';

/** A model as a column; one that was never poisoned is none of the stages. */
interface Column extends StageFigures {
  readonly title: string;
  readonly name?: StageResult['name'];
  readonly der?: number;
}

interface Row {
  readonly title: string;
  readonly hint: string;
  /** Share in [0, 1] that is drawn as a bar; undefined where it was not measured. */
  readonly value: (column: Column) => number | undefined;
  readonly text: (value: number) => string;
  readonly interval?: (column: Column) => Estimate | undefined;
  /** Decimals of the interval. */
  readonly decimals: number;
  /** A deviation of the figure, in words. */
  readonly deviation: (value: number) => string;
  readonly seeds?: SeedFigure;
  /** Which end of the bar is the good one. */
  readonly good: 'high' | 'low';
}

const estimatedRows: readonly Row[] = [
  {
    title: 'Accuracy',
    hint: 'ACC: share of held-back clean graphs that are classified correctly, with its 95% interval (Wilson)',
    value: ({ estimated: { acc } }) => acc,
    text: counted,
    interval: ({ estimated: { accInterval } }) => accInterval,
    deviation: (value) => points(value, 1),
    ...{ decimals: 1, seeds: 'acc', good: 'high' },
  },
  {
    title: 'ASR, estimated',
    hint: 'Attack success rate: share of held-back graphs of other classes that the trigger found puts into its target class, with its 95% interval',
    value: ({ estimated: { asr } }) => asr,
    text: estimated,
    interval: ({ estimated: { asrInterval } }) => asrInterval,
    deviation: (value) => points(value, 0),
    ...{ decimals: 0, seeds: 'asr', good: 'low' },
  },
  {
    title: 'Flip ASR, estimated',
    hint: 'The same over graphs that are not in the target class without a trigger',
    value: ({ estimated: { flipAsr } }) => flipAsr,
    text: estimated,
    interval: ({ estimated: { flipAsrInterval } }) => flipAsrInterval,
    deviation: (value) => points(value, 0),
    ...{ decimals: 0, seeds: 'flipAsr', good: 'low' },
  },
  {
    title: 'DER',
    hint: 'Defense effectiveness rating: 1 is a backdoor removed at no cost, 0.5 is no effect',
    value: ({ der }) => der,
    text: (value) => value.toFixed(2),
    deviation: (value) => value.toFixed(2),
    ...{ decimals: 2, seeds: 'der', good: 'high' },
  },
];

const trueRow = (title: string, hint: string, key: keyof Metrics, good: Row['good']): Row => ({
  ...{ title, hint, decimals: 1, good },
  value: (column) => column.true?.[key],
  text: counted,
  deviation: (value) => points(value, 1),
});

const trueRows: readonly Row[] = [
  trueRow('Accuracy, test split', 'Share of the test split that is classified correctly', 'acc', 'high'),
  trueRow(
    'ASR, true trigger',
    'Attack success rate of the trigger file; it was used for this figure only',
    'asr',
    'low',
  ),
  trueRow(
    'Flip ASR, true trigger',
    'The same over graphs not in the target class without the trigger',
    'flipAsr',
    'low',
  ),
  trueRow(
    'Clean target rate',
    'Share of those graphs in the target class without any trigger',
    'cleanTargetRate',
    'low',
  ),
];

/** The models side by side: before, fine-tuned only, purified, and one that was never poisoned where it was given. */
export function comparisonSection(report: PurifyReport, seeds: SeedReport | undefined): HTMLElement {
  const columns = columnsOf(report);
  const measured = [...estimatedRows, ...trueRows].filter((row) =>
    columns.some((column) => row.value(column) !== undefined),
  );
  const overSeeds =
    seeds === undefined ? '' : `; below it the mean over ${seeds.runs.length} seeds ± standard deviation`;
  return section(
    'Before and after',
    html(
      'div',
      { class: 'wide', tabindex: 0, role: 'region', 'aria-label': 'Figures before and after' },
      html(
        'table',
        { class: 'figures comparison' },
        html(
          'caption',
          { class: 'quiet' },
          `On ${report.settings.testGraphs} held-back graphs that no training saw, seed ${report.settings.seed}${overSeeds}`,
        ),
        html(
          'thead',
          {},
          html('tr', {}, html('td', {}), ...columns.map(({ title }) => html('th', { scope: 'col' }, title))),
        ),
        html('tbody', {}, ...measured.map((row) => tableRow(row, columns, seeds))),
      ),
    ),
    html('p', { class: 'rescan' }, `A fresh scan of the purified model: ${rescanWords(report)}.`),
    html(
      'details',
      {},
      html('summary', {}, 'What the figures mean'),
      html('dl', {}, ...measured.flatMap(({ title, hint }) => [html('dt', {}, title), html('dd', {}, hint)])),
    ),
  );
}

function columnsOf({ stages, methodTitle, benign }: PurifyReport): Column[] {
  const titles: Readonly<Record<StageResult['name'], string>> = {
    before: 'before',
    'fine-tuned': 'fine-tuned only',
    graphnad: methodTitle,
  };
  const columns: Column[] = stages.map((stage) => ({ ...stage, title: titles[stage.name] }));
  return benign === undefined ? columns : [...columns, { ...benign, title: 'never poisoned' }];
}

/** Says no more than the finding does: one that is a warning is only possible. */
function rescanWords({ rescan, findings }: Pick<PurifyReport, 'rescan' | 'findings'>): string {
  if (rescan.kind === 'not-assessed') {
    return rescan.purified
      ? 'not assessed, as for every purified model: nothing of its training is left for a scan to judge by'
      : `not assessed: ${rescan.reason}`;
  }
  const { suspicion, target, abovePercentOfClean } = rescan.evidence;
  const isCertain = findings.some(({ code, severity }) => code === 'GN201' && severity === 'error');
  const verdict =
    rescan.kind === 'likely'
      ? `${isCertain ? 'likely' : 'possibly'} backdoored toward class ${target}`
      : 'no sign of a backdoor found';
  const score = `${verdict}, suspicion ${suspicion.toFixed(2)}, above ${shareOfModels(abovePercentOfClean)} clean models`;
  return rescan.kind === 'no-sign' ? `${score}${missedWords(rescan.evidence)}` : score;
}

/** How far finding nothing goes, where it was measured. */
function missedWords({ measured }: BackdoorEvidence): string {
  if (measured === undefined) return '';
  const { models, findings } = measured.backdoored;
  return `; such scans missed ${models - findings} of ${models} backdoored models`;
}

function tableRow(row: Row, columns: readonly Column[], seeds: SeedReport | undefined): HTMLElement {
  return html(
    'tr',
    {},
    html('th', { scope: 'row' }, row.title),
    ...columns.map((column) => {
      const value = row.value(column);
      if (value === undefined)
        return html('td', {}, html('span', { class: 'quiet', 'aria-hidden': 'true' }, '–'), hidden('not measured'));
      const around = row.interval?.(column);
      const spread = spreadOf(row, column, seeds);
      return html(
        'td',
        { class: column.name === 'graphnad' ? 'result' : undefined },
        html('span', { class: 'figure' }, row.text(value)),
        around && html('span', { class: 'interval' }, ` (${interval(around, row.decimals)})`),
        bar(value, row.good),
        spread &&
          html(
            'span',
            { class: 'spread' },
            hidden('over seeds '),
            `${row.text(spread.mean)} ± ${row.deviation(spread.deviation)}`,
          ),
      );
    }),
  );
}

function spreadOf({ seeds: figure }: Row, { name }: Column, seeds: SeedReport | undefined): Spread | undefined {
  return figure && seeds?.spread.find((stage) => stage.name === name)?.figures[figure];
}

function hidden(text: string): HTMLElement {
  return html('span', { class: 'for-screen-readers' }, text);
}

/** Decoration: the figure stands beside it. */
function bar(share: number, good: Row['good']): HTMLElement {
  const fill = html('span', { class: `bar-fill good-${good}` });
  fill.style.width = `${Math.min(100, Math.max(0, share * 100))}%`;
  return html('span', { class: 'bar', 'aria-hidden': 'true' }, fill);
}
