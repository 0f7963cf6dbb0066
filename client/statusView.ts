import type { StatusNotification } from '../protocol/requests';
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

function runningView(status: StatusNotification.Params): StatusView {
  const flagged = status.errors + status.warnings;
  const busy = status.state === 'busy';
  const icon = busy ? '$(sync~spin)' : flagged > 0 ? '$(warning)' : '$(shield)';
  return {
    text: flagged > 0 ? `${icon} GraphNAD ${flagged}` : `${icon} GraphNAD`,
    lines: [
      busy ? (status.activity ?? 'Working') : 'Idle',
      counted(status.models, 'model file'),
      `${counted(status.errors, 'error')}, ${counted(status.warnings, 'warning')}`,
      ...(status.notAssessed > 0 ? [`${status.notAssessed} not assessed for backdoors`] : []),
      ...(status.backend === undefined ? [] : [`Backend: ${status.backend}`]),
    ],
    severity: 'normal',
  };
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
