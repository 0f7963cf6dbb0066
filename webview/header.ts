import { seedsInAll, type PanelCommand, type PanelState } from '../protocol/panel';
import { html, svg } from './dom';
import { counted, estimated, withArrows } from './format';
import { headlineChanges, outcomeOf, type Change, type OutcomeKind } from './outcome';
import { button, progressRing } from './toolkit';

/** What the run is about, how it ended, the figures that decide and what can be done now. */
export function header(state: PanelState, send: (command: PanelCommand) => void): HTMLElement {
  const outcome = outcomeOf(state);
  const arrow = html('span', { class: 'arrow' }, html('span', { 'aria-hidden': 'true' }, '→'));
  arrow.append(html('span', { class: 'for-screen-readers' }, 'purified as'));
  return html(
    'header',
    {},
    html('h1', {}, html('span', {}, state.modelName), arrow, html('span', {}, state.outputName)),
    html(
      'p',
      { class: `verdict ${outcome.kind}` },
      outcome.kind === 'running' ? progressRing() : outcomeIcon(outcome.kind),
      html('span', {}, ...(state.report === undefined ? [] : [html('b', {}, 'Verdict: ')]), withArrows(outcome.text)),
    ),
    changes(headlineChanges(state.report?.stages ?? [])),
    html('div', { class: 'actions' }, ...actions(state, send)),
  );
}

function actions(state: PanelState, send: (command: PanelCommand) => void): HTMLElement[] {
  const action = (label: string, command: PanelCommand, appearance: 'primary' | 'secondary' = 'secondary') =>
    button(label, () => send(command), appearance);
  if (state.report !== undefined) {
    return [
      action('Open Purified Model', 'openOutput', 'primary'),
      action('Compare Attention', 'compareAttention'),
      action('Save Report...', 'saveReport'),
      action('Copy Command Line', 'copyCommandLine'),
      action('Run Again', 'runAgain'),
      ...(state.seeds === undefined ? [action(`Run with ${seedsInAll} Seeds`, 'runSeeds')] : []),
    ];
  }
  if (state.failure === undefined) return [action('Cancel', 'cancel')];
  return [action('Run Again', 'runAgain', 'primary'), action('Show Log', 'showLog')];
}

function changes(figures: readonly Change[]): HTMLElement | undefined {
  if (figures.length === 0) return undefined;
  return html('div', { class: 'tiles' }, ...figures.map(tile));
}

function tile({ label, kind, before, after }: Change): HTMLElement {
  const text = kind === 'estimated' ? estimated : counted;
  return html(
    'div',
    { class: 'tile' },
    html('span', { class: 'tile-label' }, label),
    html(
      'span',
      { class: 'tile-figures' },
      html('span', { class: 'tile-before' }, text(before)),
      html('span', { class: 'arrow', 'aria-hidden': 'true' }, '→'),
      html('span', { class: 'for-screen-readers' }, 'became'),
      html('span', { class: 'tile-after' }, text(after)),
    ),
  );
}

const iconPaths: Readonly<Record<Exclude<OutcomeKind, 'running'>, string>> = {
  good: 'M4.5 8.5 L7 11 L11.5 5.5',
  bad: 'M8 4 V9 M8 11.2 V12',
  neutral: 'M8 7 V12 M8 4 V4.8',
  stopped: 'M5.5 5.5 L10.5 10.5 M10.5 5.5 L5.5 10.5',
};

function outcomeIcon(kind: Exclude<OutcomeKind, 'running'>): SVGElement {
  return svg(
    'svg',
    { class: 'icon', viewBox: '0 0 16 16', 'aria-hidden': 'true' },
    svg('circle', { cx: 8, cy: 8, r: 7 }),
    svg('path', { d: iconPaths[kind] }),
  );
}
