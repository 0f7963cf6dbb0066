import type { PanelState } from '../protocol/panel';
import type { PurifyReport, StageResult } from '../protocol/reports';

export type OutcomeKind = 'running' | 'good' | 'bad' | 'neutral' | 'stopped';

/** How the run stands, in one line. */
export interface Outcome {
  readonly kind: OutcomeKind;
  readonly text: string;
}

const verdictKinds: Readonly<Record<PurifyReport['verdict']['kind'], OutcomeKind>> = {
  removed: 'good',
  'still-suspicious': 'bad',
  'no-backdoor-found': 'neutral',
};

export function outcomeOf({ report, failure }: PanelState): Outcome {
  if (report !== undefined) return { kind: verdictKinds[report.verdict.kind], text: report.verdict.text };
  if (failure === undefined) return { kind: 'running', text: 'Purification runs. The original is not changed.' };
  return { kind: failure.kind === 'error' ? 'bad' : 'stopped', text: failure.message };
}

/** A figure before and after purification; shares in [0, 1]. */
export interface Change {
  readonly label: string;
  readonly kind: 'estimated' | 'counted';
  readonly before: number;
  readonly after: number;
}

/** The figures that decide: attack success rate and accuracy. */
export function headlineChanges(stages: readonly StageResult[]): Change[] {
  const before = stages.find(({ name }) => name === 'before')?.estimated;
  const after = stages.find(({ name }) => name === 'graphnad')?.estimated;
  if (before === undefined || after === undefined) return [];
  const accuracy: Change = { label: 'Accuracy', kind: 'counted', before: before.acc, after: after.acc };
  if (before.asr === undefined || after.asr === undefined) return [accuracy];
  return [{ label: 'Estimated ASR', kind: 'estimated', before: before.asr, after: after.asr }, accuracy];
}
