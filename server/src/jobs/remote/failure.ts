/** How a job ended that came to no outcome, as the queue keeps it: one line of text. */

export const failureKinds = [
  /** It ended its process again and again, and is not tried any more. */
  'quarantined',
  /** Nobody wants it any more. */
  'cancelled',
  /** Its message is not a job, or its files could not be had. */
  'refused',
] as const;
export type FailureKind = (typeof failureKinds)[number];

export interface Failure {
  readonly kind: FailureKind;
  /** A whole clause without a full stop. */
  readonly reason: string;
}

export function failureText({ kind, reason }: Failure): string {
  return `${kind}: ${reason}`;
}

/** What the queue itself gives up is quarantined: that happens to jobs that take their workers with them. */
export function parseFailure(text: string | undefined): Failure {
  const found = /^(\w+): (.*)$/s.exec(text ?? '');
  const kind = failureKinds.find((one) => one === found?.[1]);
  if (found && kind) return { kind, reason: found[2] };
  return { kind: 'quarantined', reason: text === undefined || text === '' ? 'nothing was said of why' : text };
}
