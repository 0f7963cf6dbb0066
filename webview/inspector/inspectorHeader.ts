import type { InspectorCommand, InspectorState, ModelInspection } from '../../protocol/inspector';
import { modelFormats } from '../../protocol/model';
import type { ModelVerdict } from '../../protocol/models';
import { plural } from '../../protocol/numberText';
import { html, svg } from '../dom';
import { withArrows } from '../format';
import { button, progressRing } from '../toolkit';
import { bytesText, elementsOf } from './numbers';
import { isCurrent, standingOf } from './standing';

type Send = (command: InspectorCommand) => void;

/** What the file is, how it stands, and what can be done with it. */
export function inspectorHeader(state: InspectorState, send: Send): HTMLElement {
  const { name, path, inspection, failure } = state;
  return html(
    'header',
    {},
    html('h1', {}, name),
    path === name ? undefined : html('p', { class: 'quiet path' }, path),
    ...(failure !== undefined
      ? [problem('This file cannot be inspected', failure), actions([['Try Again', 'reload', 'primary']], send)]
      : inspection === undefined
        ? [html('p', { class: 'verdict' }, progressRing(), 'Reading the file...')]
        : about(state, inspection, send)),
  );
}

function about(state: InspectorState, inspection: ModelInspection, send: Send): (HTMLElement | undefined)[] {
  const { format, unreadable } = inspection;
  return [
    facts(state, inspection, send),
    verdict(state),
    unreadable === undefined
      ? architecture(state, inspection)
      : problem('It cannot be read as a checkpoint', placed(unreadable)),
    ...inspection.notes.map((note) => html('p', { class: 'quiet' }, note)),
    actions(
      [
        ['Scan', 'scan', 'primary'],
        ...(unreadable === undefined
          ? ([
              ['Purify...', 'purify'],
              ['Compare Attention...', 'compareAttention'],
            ] as const)
          : ([['Open With...', 'reopenWith']] as const)),
        ...(format !== undefined && format !== 'safetensors'
          ? ([['Convert to Safetensors...', 'convert']] as const)
          : []),
        ...(isCurrent(state) && state.knowledge?.assumed !== undefined
          ? ([['State Architecture...', 'stateArchitecture']] as const)
          : []),
        ...(state.knowledge?.verdict === 'not-scanned' ? [] : ([['Show Report', 'showReport']] as const)),
      ],
      send,
    ),
  ];
}

function facts({ sha256 }: InspectorState, { format, bytes, tensors }: ModelInspection, send: Send): HTMLElement {
  const parameters = tensors.reduce((sum, { shape }) => sum + elementsOf(shape), 0);
  const known = [
    format === undefined ? undefined : modelFormats[format],
    bytesText(bytes),
    format === undefined ? undefined : `${plural(tensors.length, 'tensor')}, ${plural(parameters, 'value')}`,
  ];
  const hash = html('button', { class: 'link hash', type: 'button' });
  hash.append(sha256 === undefined ? 'Compute SHA-256' : `SHA-256 ${sha256.slice(0, 12)}…`);
  if (sha256 !== undefined) hash.title = `${sha256}\nClick to copy`;
  hash.addEventListener('click', () => send('hash'));
  return html(
    'p',
    { class: 'facts' },
    ...known.filter((fact) => fact !== undefined).map((fact) => html('span', {}, fact)),
    hash,
  );
}

function architecture(state: InspectorState, inspection: ModelInspection): HTMLElement {
  const scanned = isCurrent(state) && state.knowledge?.recognised !== undefined ? state.knowledge : undefined;
  const { recognised, architectureNotes } = scanned ?? inspection;
  // Why nothing was recognised is what a person looks for; by what something was is there for those who doubt it.
  if (recognised === undefined) return html('p', { class: 'architecture quiet' }, architectureNotes.join(' '));
  return html(
    'div',
    { class: 'architecture' },
    html('p', {}, 'Recognised as ', html('b', {}, withArrows(recognised)), '.'),
    architectureNotes.length === 0
      ? undefined
      : html(
          'details',
          {},
          html('summary', {}, 'What this rests on'),
          ...architectureNotes.map((note) => html('p', { class: 'quiet' }, note)),
        ),
  );
}

function problem(title: string, text: string): HTMLElement {
  return html('p', { class: 'problem' }, html('b', {}, `${title}: `), `${text}.`.replace(/\.\.$/, '.'));
}

function placed({ reason, entry, offset }: NonNullable<ModelInspection['unreadable']>): string {
  const place = [entry, offset === undefined ? undefined : `byte ${offset.toLocaleString('en-US')}`];
  const words = place.filter((word) => word !== undefined && word !== '').join(', ');
  return words === '' ? reason : `${reason} (${words})`;
}

function actions(
  buttons: readonly (readonly [label: string, command: InspectorCommand, appearance?: 'primary'])[],
  send: Send,
): HTMLElement {
  return html(
    'div',
    { class: 'actions' },
    ...buttons.map(([label, command, appearance]) => button(label, () => send(command), appearance ?? 'secondary')),
  );
}

/** No verdict is a tick or green: finding nothing is no proof. */
const iconPaths: Readonly<Record<ModelVerdict, string>> = {
  dangerous: 'M8 4 V9 M8 11.2 V12',
  likely: 'M8 4 V9 M8 11.2 V12',
  possibly: 'M8 4 V9 M8 11.2 V12',
  suspicious: 'M8 4 V9 M8 11.2 V12',
  'not-assessed': 'M6 6.4 C6 3.8 10 3.8 10 6.4 C10 8 8 8 8 9.6 M8 11.6 V12',
  'no-sign': 'M5 8 H11',
  'not-scanned': '',
};

function verdict(state: InspectorState): HTMLElement {
  const standing = standingOf(state);
  return html(
    'p',
    { class: `verdict ${standing.verdict}` },
    svg(
      'svg',
      { class: 'icon', viewBox: '0 0 16 16', 'aria-hidden': 'true' },
      svg('circle', { cx: 8, cy: 8, r: 7 }),
      svg('path', { d: iconPaths[standing.verdict] }),
    ),
    html(
      'span',
      {},
      html('b', {}, standing.text),
      standing.remarks.length === 0
        ? undefined
        : html('span', { class: 'quiet' }, ` · ${standing.remarks.join(' · ')}`),
    ),
  );
}
