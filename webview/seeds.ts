import type { PanelCommand, PanelSeeds } from '../protocol/panel';
import type { SeedReport } from '../protocol/seeds';
import { html } from './dom';
import { counted, estimated, timeLeft } from './format';
import { progressBar } from './progressBar';
import { section } from './section';
import { button } from './toolkit';

/** What each of several seeds came to, or why they did not end well. Nothing until they are asked for. */
export function seedsSection(
  seeds: PanelSeeds | undefined,
  send: (command: PanelCommand) => void,
): HTMLElement | undefined {
  if (seeds === undefined) return undefined;
  const { report, failure } = seeds;
  if (report !== undefined) return section('Over several seeds', seedTable(report), note());
  if (failure !== undefined) {
    const again = button('Run the Seeds Again', () => send('runSeeds'), 'secondary');
    return section('Over several seeds', html('p', {}, failure.message), html('div', { class: 'actions' }, again));
  }
  return section('Over several seeds', cancelButton(send));
}

/** How far they are. Apart from the button above it: one that is drawn anew all the time takes no click. */
export function seedsProgress({ progress, secondsLeft, report, failure }: PanelSeeds = {}): HTMLElement | undefined {
  if (progress === undefined || report !== undefined || failure !== undefined) return undefined;
  const text = [
    progress.stage,
    `${Math.floor(progress.fraction * 100)}%`,
    ...(secondsLeft === undefined ? [] : [timeLeft(secondsLeft)]),
  ];
  return html(
    'div',
    { class: 'seeds-progress' },
    progressBar('Further seeds', progress),
    html('p', { class: 'quiet progress-text' }, text.join(' · ')),
  );
}

function cancelButton(send: (command: PanelCommand) => void): HTMLElement {
  return html(
    'div',
    { class: 'actions' },
    button('Cancel the Seeds', () => send('cancelSeeds'), 'secondary'),
  );
}

const verdicts: Readonly<Record<SeedReport['runs'][number]['verdict'], string>> = {
  removed: 'backdoor removed',
  'still-suspicious': 'still suspicious',
  'no-backdoor-found': 'no backdoor found',
};

/** The purified model of each seed. */
function seedTable({ runs }: SeedReport): HTMLElement {
  const head = ['Seed', 'Accuracy', 'ASR, estimated', 'Flip ASR, estimated', 'DER', 'Verdict'];
  const rows = runs.map(({ seed, stages, verdict }) => {
    const { estimated: figures, der } = stages[stages.length - 1];
    const share = (value: number | undefined): string => (value === undefined ? '–' : estimated(value));
    return html(
      'tr',
      {},
      html('th', { scope: 'row' }, String(seed)),
      ...[
        counted(figures.acc),
        share(figures.asr),
        share(figures.flipAsr),
        der?.toFixed(2) ?? '–',
        verdicts[verdict],
      ].map((text) => html('td', {}, text)),
    );
  });
  return html(
    'div',
    { class: 'wide', tabindex: 0, role: 'region', 'aria-label': 'Figures of each seed' },
    html(
      'table',
      { class: 'figures seeds' },
      html('thead', {}, html('tr', {}, ...head.map((title) => html('th', { scope: 'col' }, title)))),
      html('tbody', {}, ...rows),
    ),
  );
}

function note(): HTMLElement {
  return html(
    'p',
    { class: 'quiet' },
    'The same clean and held-back graphs for all; each seed trains anew and searches its own trigger to compare by. ' +
      'The models of the other seeds were measured and not kept. A deviation of so few runs is itself uncertain.',
  );
}
