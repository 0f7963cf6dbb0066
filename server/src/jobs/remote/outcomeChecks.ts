/** What comes back from workers must look like before anybody reads it. */
import { featureKinds } from '../../../../protocol/model';
import type { PurifyReceipt } from '../../../../protocol/receipt';
import type {
  CurvePoint,
  Metrics,
  PurifyReport,
  Remedy,
  StageFigures,
  StageResult,
} from '../../../../protocol/reports';
import type { ModelFigures, TriggerAttention } from '../../report/grid/record';
import {
  isAnyOf,
  isList,
  isNumber,
  isObject,
  isOneOf,
  isRecord,
  isText,
  optional,
  orNull,
  type Check,
} from '../cache/checks';
import { isArchitecture, isEstimate, isFinding, isScanReport, isTrigger, isVerdict } from '../cache/resultChecks';
import type { Defended } from '../grid/defendSuspect';
import type { MeasuredSuspect } from '../grid/measureSuspect';
import type { ErrorData } from '../messages';
import { mostContentBytes } from './contentStore';
import { isContentFile } from './messageChecks';
import type { JobOutcome, OutputFile, RemoteTask, SentProgress } from './message';

const isAnything: Check<unknown> = (value): value is unknown => value !== undefined;
const isWords: Check<readonly string[]> = isList(isText);

const metrics = {
  acc: isNumber,
  asr: optional(isNumber),
  flipAsr: optional(isNumber),
  cleanTargetRate: optional(isNumber),
};
const isMetrics = isObject<Metrics>(metrics);

const figures = {
  estimated: isObject<StageFigures['estimated']>({
    ...metrics,
    asrInterval: isEstimate,
    accInterval: optional(isEstimate),
    flipAsrInterval: optional(isEstimate),
  }),
  true: optional(isMetrics),
};

const isReceipt = isObject<PurifyReceipt>({
  receipt: isOneOf(['graphnad-purify-1']),
  model: isObject<PurifyReceipt['model']>({ file: isText, sha256: isText }),
  data: isObject<PurifyReceipt['data']>({ folder: isText, hash: isText, features: isOneOf(featureKinds) }),
  cleanIds: isList(isNumber),
  options: isRecord(isAnything),
  seed: isNumber,
  backend: isText,
  versions: isObject<PurifyReceipt['versions']>({ graphnad: isText, node: isText, platform: isText }),
  outputSha256: isText,
});

const isCurvePoint = isObject<CurvePoint>({
  stage: isOneOf(['teacher', 'student']),
  epoch: isNumber,
  losses: isRecord(isNumber),
  accuracy: optional(isNumber),
  asr: optional(isNumber),
});

/** How far a job is, as its worker says; that it waits is said here. */
export const isSentProgress = isObject<SentProgress>({
  stage: isText,
  stageIndex: isNumber,
  stageCount: isNumber,
  stages: optional(isWords),
  epoch: optional(isNumber),
  epochs: optional(isNumber),
  fraction: isNumber,
  points: optional(isList(isCurvePoint)),
});

const isPurifyReport = isObject<PurifyReport>({
  file: isText,
  output: isText,
  sha256: isText,
  outputSha256: isText,
  architecture: isArchitecture,
  notes: isWords,
  method: isText,
  methodTitle: isText,
  stages: isList(
    isObject<StageResult>({
      ...figures,
      name: isOneOf(['before', 'fine-tuned', 'graphnad']),
      der: optional(isNumber),
    }),
  ),
  benign: optional(isObject<NonNullable<PurifyReport['benign']>>({ ...figures, file: isText, sha256: isText })),
  curves: isList(isCurvePoint),
  trigger: isTrigger,
  rescan: isVerdict,
  verdict: isObject<PurifyReport['verdict']>({
    kind: isOneOf(['removed', 'still-suspicious', 'no-backdoor-found']),
    text: isText,
  }),
  advice: isWords,
  remedies: isList(isObject<Remedy>({ label: isText, detail: isText, holdingRate: optional(isNumber) })),
  findings: isList(isFinding),
  settings: isObject<PurifyReport['settings']>({
    seed: isNumber,
    backend: isText,
    testGraphs: isNumber,
    holdingRate: optional(isNumber),
    options: isRecord(isAnything),
  }),
  receipt: isReceipt,
  commandLine: isText,
});

const isFigures = isObject<ModelFigures>({
  ...metrics,
  attention: optional(isObject<TriggerAttention>({ clean: isList(isNumber), triggered: isList(isNumber) })),
});
const isMeasured = isObject<MeasuredSuspect>({ before: isFigures, floor: optional(isFigures) });
const isDefended = isObject<Defended>({ after: isFigures, cleanGraphs: isNumber, seconds: isNumber });

/** Tells whether a result is one of a job. */
function isResultOf(task: RemoteTask, result: unknown): boolean {
  if (task.kind === 'scan') return isScanReport(result);
  if (task.kind === 'purify') return isPurifyReport(result);
  switch (task.step) {
    case 'train':
      return result === undefined || result === null;
    case 'measure':
      return isMeasured(result);
    case 'defend':
      return isDefended(result);
  }
}

const isOutputFile: Check<OutputFile> = (value): value is OutputFile =>
  isContentFile(value) && value.bytes <= mostContentBytes && isNumber((value as Partial<OutputFile>).folder);

/** Errors of asking: one of a job that was called so would be taken for its being left, or cancelled. */
const namesOfOthers: readonly string[] = [
  ...['RunLeftError', 'JobFailedError', 'JobCancelledError', 'WorkerCrashedError'],
  ...['QueueError', 'QueueLeftError', 'UsageError'],
];
const isErrorName: Check<string> = (value): value is string => isText(value) && !namesOfOthers.includes(value);

const isOutcomeShape: Check<JobOutcome> = isAnyOf(
  isObject<Extract<JobOutcome, { kind: 'done' }>>({
    kind: isOneOf(['done']),
    result: optional(orNull(isAnything)),
    files: isList(isOutputFile),
  }),
  isObject<Extract<JobOutcome, { kind: 'error' }>>({
    kind: isOneOf(['error']),
    error: isObject<ErrorData>({
      name: isErrorName,
      message: isText,
      stack: optional(isText),
      fields: isRecord(isAnything),
    }),
  }),
);

/** Tells whether what came back is the outcome of a job. */
export function isOutcomeOf(task: RemoteTask, value: unknown): value is JobOutcome {
  return isOutcomeShape(value) && (value.kind === 'error' || isResultOf(task, value.result));
}
