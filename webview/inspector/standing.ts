import type { InspectorState } from '../../protocol/inspector';
import type { ModelVerdict } from '../../protocol/models';

/** Whether what is known is about the file as it is, as far as can be told by now. */
export function isCurrent({ knowledge, sha256 }: InspectorState): boolean {
  return knowledge?.sha256 === undefined || sha256 === undefined || knowledge.sha256 === sha256;
}

/** How the model stands, in words. */
export interface Standing {
  readonly verdict: ModelVerdict;
  readonly text: string;
  /** What qualifies it: when it was reached, what goes on. */
  readonly remarks: readonly string[];
}

const activities = {
  scanning: 'it is being scanned now',
  queued: 'it waits to be scanned',
  'in-queue': 'it waits in the queue to be scanned',
  'no-worker': 'it waits in the queue, to which no worker is connected',
} as const;

export function standingOf(state: InspectorState): Standing {
  const { knowledge, sha256, inspection } = state;
  const working = knowledge?.activity === undefined ? [] : [activities[knowledge.activity]];
  if (knowledge === undefined || knowledge.verdict === 'not-scanned') {
    return { verdict: 'not-scanned', text: 'Not scanned', remarks: working };
  }
  if (!isCurrent(state)) {
    const text = 'Not scanned since it changed: the last verdict was on another content';
    return { verdict: 'not-scanned', text, remarks: working };
  }
  const { verdict, text, reached } = knowledge;
  const isUnchecked = knowledge.sha256 !== undefined && sha256 === undefined && inspection !== undefined;
  return {
    verdict,
    text: text.charAt(0).toUpperCase() + text.slice(1),
    remarks: [
      ...(reached === undefined ? [] : [new Date(reached).toLocaleString()]),
      ...(isUnchecked ? ['whether the file is still the same is being checked'] : []),
      ...working,
    ],
  };
}
