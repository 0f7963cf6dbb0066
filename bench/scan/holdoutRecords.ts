import type { ModelKind } from '../../protocol/model';
import type { BackdoorVerdict } from '../../protocol/reports';
import { isAttacked, targetOf } from '../../server/src/jobs/grid/suspect';
import { calibrationFor } from '../../server/src/scan/calibrationFor';
import { falseAlarmRate } from '../../server/src/scan/score';
import type { HoldoutModel } from './holdoutModels';
import type { CleanSize } from './referenceRecords';

/** One scan of one model that was not calibrated on. */
export interface HoldoutRecord {
  readonly key: string;
  readonly data: string;
  readonly kind: ModelKind;
  readonly features: string;
  readonly seed: number;
  /** Absent for a clean model. */
  readonly attack?: string;
  readonly target?: number;
  /** Of the true trigger on the test split; absent for clean models. */
  readonly asr?: number;
  readonly cleanSize: CleanSize;
  readonly cleanGraphs: number;
  readonly seconds: number;
  /** Absent where the scan was refused. */
  readonly scan?: HoldoutScan;
  /** Why the scan was refused. */
  readonly refused?: string;
}

export interface HoldoutScan {
  readonly suspicion: number;
  /** Share of clean reference models with such a score, by the shipped thresholds. */
  readonly rate: number;
  readonly trace: number;
  readonly named: number;
  readonly estimatedAsr: number;
}

export function recordOf(
  { key, spec, asr }: HoldoutModel,
  verdict: BackdoorVerdict,
  about: Pick<HoldoutRecord, 'cleanSize' | 'cleanGraphs' | 'seconds'>,
): HoldoutRecord {
  const { data, architecture, attack, seed } = spec;
  const common = { key, data: data.name, kind: architecture.kind, features: data.features, seed };
  const attacked = isAttacked(spec) ? { attack: attack.kind, target: targetOf(spec), asr } : {};
  const { evidence } = verdict;
  if (evidence?.signals.trace === undefined) {
    const reason = verdict.kind === 'not-assessed' ? verdict.reason : 'no traces of training';
    return { ...common, ...attacked, ...about, refused: reason };
  }
  const { suspicion, signals, target, estimatedAsr } = evidence;
  const rate = falseAlarmRate(calibrationFor(signals, about.cleanGraphs).clean.suspicion, suspicion);
  return {
    ...common,
    ...attacked,
    ...about,
    scan: {
      suspicion: rounded(suspicion),
      rate: rounded(rate),
      trace: rounded(signals.trace),
      named: target,
      estimatedAsr: rounded(estimatedAsr.value),
    },
  };
}

function rounded(value: number): number {
  return Number(value.toFixed(5));
}
