import type { BackdoorVerdict, Metrics, StageResult } from '../protocol/reports';
import { html } from './dom';
import { counted, estimated, interval } from './format';
import { section } from './section';

const stageTitles: Readonly<Record<StageResult['name'], string>> = {
  before: 'before',
  'fine-tuned': 'fine-tuned only',
  graphnad: 'GraphNAD',
};

interface Row {
  readonly title: string;
  readonly hint: string;
  /** Share in [0, 1] that is drawn as a bar; undefined where it was not measured. */
  readonly value: (stage: StageResult) => number | undefined;
  readonly text: (value: number, stage: StageResult) => string;
  /** Which end of the bar is the good one. */
  readonly good: 'high' | 'low';
}

const estimatedRows: readonly Row[] = [
  {
    title: 'Accuracy',
    hint: 'Share of held-back clean graphs that are classified correctly',
    value: ({ estimated: { acc } }) => acc,
    text: counted,
    good: 'high',
  },
  {
    title: 'ASR, estimated',
    hint: 'Attack success rate: share of graphs that self-made triggers push into the target class, with its 95% interval',
    value: ({ estimated: { asr } }) => asr,
    text: (value, stage) => `${estimated(value)} (${interval(stage.estimated.asrInterval)})`,
    good: 'low',
  },
  {
    title: 'Flip ASR, estimated',
    hint: 'The same over graphs that are not in the target class without a trigger',
    value: ({ estimated: { flipAsr } }) => flipAsr,
    text: estimated,
    good: 'low',
  },
  {
    title: 'DER',
    hint: 'Defense effectiveness rating: 1 is a backdoor removed at no cost, 0.5 is no effect',
    value: ({ der }) => der,
    text: (value) => value.toFixed(2),
    good: 'high',
  },
];

const trueRow = (title: string, hint: string, key: keyof Metrics, good: Row['good']): Row => ({
  title,
  hint,
  value: (stage) => stage.true?.[key],
  text: counted,
  good,
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

/**
 * The models side by side: before, fine-tuned only, purified.
 * @param rescan verdict of a fresh scan of the purified model
 */
export function comparisonSection(stages: readonly StageResult[], rescan: BackdoorVerdict): HTMLElement {
  const measured = [...estimatedRows, ...trueRows].filter((row) =>
    stages.some((stage) => row.value(stage) !== undefined),
  );
  return section(
    'Before and after',
    html(
      'table',
      { class: 'figures comparison' },
      html(
        'thead',
        {},
        html('tr', {}, html('td', {}), ...stages.map(({ name }) => html('th', { scope: 'col' }, stageTitles[name]))),
      ),
      html('tbody', {}, ...measured.map((row) => tableRow(row, stages))),
    ),
    html('p', { class: 'rescan' }, `A fresh scan of the purified model: ${rescanWords(rescan)}.`),
    html(
      'details',
      {},
      html('summary', {}, 'What the figures mean'),
      html('dl', {}, ...measured.flatMap(({ title, hint }) => [html('dt', {}, title), html('dd', {}, hint)])),
    ),
  );
}

function rescanWords(rescan: BackdoorVerdict): string {
  if (rescan.kind === 'not-assessed') return `not assessed: ${rescan.reason}`;
  const { suspicion, target, abovePercentOfClean } = rescan.evidence;
  const verdict = rescan.kind === 'likely' ? `likely backdoored toward class ${target}` : 'no sign of a backdoor found';
  return `${verdict}, suspicion ${suspicion.toFixed(2)}, above ${estimated(abovePercentOfClean)} of clean models`;
}

function tableRow(row: Row, stages: readonly StageResult[]): HTMLElement {
  return html(
    'tr',
    {},
    html('th', { scope: 'row' }, row.title),
    ...stages.map((stage) => {
      const value = row.value(stage);
      return value === undefined
        ? html('td', {}, html('span', { class: 'quiet', 'aria-label': 'not measured' }, '–'))
        : html('td', {}, html('span', {}, row.text(value, stage)), bar(value, row.good));
    }),
  );
}

/** Decoration: the figure stands beside it. */
function bar(share: number, good: Row['good']): HTMLElement {
  const fill = html('span', { class: `bar-fill good-${good}` });
  fill.style.width = `${Math.min(100, Math.max(0, share * 100))}%`;
  return html('span', { class: 'bar', 'aria-hidden': 'true' }, fill);
}
