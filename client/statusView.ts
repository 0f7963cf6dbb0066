import { plural } from '../protocol/numberText';
import type { StatusNotification } from '../protocol/requests';
import { isStuck, queueLine } from './queue/queueWords';
import type { ServerState } from './server';

/** What the status item shows. */
export interface StatusView {
  /** Text with codicons. */
  readonly text: string;
  /** Lines of the tooltip, first the headline. Plain text. */
  readonly lines: readonly string[];
  readonly severity: 'normal' | 'warning' | 'error';
}

/** The status item for a state of the server and the last status it reported. */
export function statusView(state: ServerState, status: StatusNotification.Params | undefined): StatusView {
  switch (state.kind) {
    case 'starting':
      return { text: '$(sync~spin) GraphNAD', lines: ['The server is starting.'], severity: 'normal' };
    case 'stopped':
      return { text: '$(circle-slash) GraphNAD', lines: ['The server is stopped.'], severity: 'warning' };
    case 'failed':
      return {
        text: '$(error) GraphNAD',
        lines: [`The server is not running: ${state.reason}`, 'Models are not being checked.'],
        severity: 'error',
      };
    case 'running':
      return status === undefined
        ? { text: '$(shield) GraphNAD', lines: ['The server runs.'], severity: 'normal' }
        : runningView(status);
  }
}

/** What the language status items show. */
export interface LanguageStatusView {
  readonly health: { readonly text: string; readonly detail?: string };
  readonly scans: { readonly text: string; readonly detail?: string; readonly busy: boolean };
  readonly severity: StatusView['severity'];
}

/** The language status items for a state of the server and the last status it reported. */
export function languageStatusView(
  state: ServerState,
  status: StatusNotification.Params | undefined,
): LanguageStatusView {
  const { text, lines, severity } = statusView(state, undefined);
  if (state.kind !== 'running') {
    const [headline, ...others] = lines;
    const icon = text.slice(0, text.indexOf(')') + 1);
    return {
      health: { text: `${icon} ${headline}`, detail: others.join(' ') },
      scans: { text: '$(shield) Models are not being checked', busy: false },
      severity,
    };
  }
  const { backend, queue } = status ?? {};
  if (queue !== undefined) {
    const stuck = isStuck(queue);
    const health = { text: `$(${stuck ? 'debug-disconnect' : 'pulse'}) The server runs`, detail: queueLine(queue) };
    return { health, scans: scansView(status), severity: stuck ? 'warning' : severity };
  }
  const detail = backend === undefined ? undefined : `backend ${backend}`;
  return { health: { text: '$(pulse) The server runs', detail }, scans: scansView(status), severity };
}

function scansView(status: StatusNotification.Params | undefined): LanguageStatusView['scans'] {
  if (status === undefined) return { text: '$(shield) No models are known yet', busy: false };
  const { activity, scans, models } = status;
  const busy = status.state === 'busy';
  const restricted = status.restricted === true ? ' for unsafe code alone (Restricted Mode)' : '';
  return {
    text: scans
      ? `$(search) Scanning ${Math.min(scans.done + 1, scans.total)} of ${scans.total}${restricted}`
      : `$(shield) ${plural(models, 'model file')} looked at${restricted}`,
    detail: busy ? activity : status.notAssessed > 0 ? `${status.notAssessed} not assessed for backdoors` : undefined,
    busy,
  };
}

function runningView(status: StatusNotification.Params): StatusView {
  const flagged = status.errors + status.warnings;
  const busy = status.state === 'busy';
  const { queue } = status;
  const stuck = queue !== undefined && isStuck(queue);
  const icon = stuck ? '$(debug-disconnect)' : busy ? '$(sync~spin)' : flagged > 0 ? '$(warning)' : '$(shield)';
  return {
    text: flagged > 0 ? `${icon} GraphNAD ${flagged}` : `${icon} GraphNAD`,
    lines: [
      busy ? (status.activity ?? 'Working') : 'Idle',
      ...(status.scans ? [`${status.scans.done} of ${plural(status.scans.total, 'scan')} done`] : []),
      plural(status.models, 'model file'),
      `${plural(status.errors, 'error')}, ${plural(status.warnings, 'warning')}`,
      ...(status.notAssessed > 0 ? [`${status.notAssessed} not assessed for backdoors`] : []),
      ...(status.unlisted ? [`${plural(status.unlisted, 'finding')} not listed in Problems, by your settings`] : []),
      ...(status.restricted ? ['Restricted Mode: backdoors are looked for when you trust this workspace'] : []),
      ...(status.backend === undefined ? [] : [`Backend: ${status.backend}`]),
      ...(queue === undefined ? [] : [queueLine(queue)]),
    ],
    severity: stuck ? 'warning' : 'normal',
  };
}
