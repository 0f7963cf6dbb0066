/** What results that are kept on disk look like. A type that changes does not compile here until its check follows. */
import { findingCodes, severities, type Finding, type FindingPlace } from '../../../../protocol/findings';
import {
  activations,
  aggregators,
  featureKinds,
  jumpings,
  modelKinds,
  normalisations,
  normKinds,
  readouts,
  type ArchitectureSummary,
} from '../../../../protocol/model';
import type {
  AttentionConcentration,
  AttentionExample,
  BackdoorEvidence,
  BackdoorVerdict,
  CleanAndTriggered,
  Estimate,
  MeasuredRates,
  RunSettings,
  ScannedModels,
  ScanReport,
  TriggerSummary,
} from '../../../../protocol/reports';
import type { DataFit } from '../fitData';
import {
  isAnyOf,
  isFlag,
  isList,
  isNumber,
  isObject,
  isOneOf,
  isPair,
  isRecord,
  isText,
  optional,
  orNull,
  type Check,
} from './checks';

export const isEstimate = isObject<Estimate>({ value: isNumber, low: isNumber, high: isNumber, count: isNumber });

export const isTrigger = isObject<TriggerSummary>({
  target: isNumber,
  nodes: isNumber,
  edges: orNull(isList(isPair(isNumber))),
  labels: orNull(isList(isNumber)),
  placement: isOneOf(['random', 'degree', 'bfs', 'low-degree']),
  replace: isFlag,
  attach: optional(isOneOf(['new-nodes'])),
});

const isPairOfFigures = isObject<CleanAndTriggered>({ clean: isNumber, triggered: isNumber });

const isScannedModels = isObject<ScannedModels>({ models: isNumber, errors: isNumber, findings: isNumber });

const isEvidence = isObject<BackdoorEvidence>({
  suspicion: isNumber,
  abovePercentOfClean: isNumber,
  target: isNumber,
  estimatedAsr: isEstimate,
  estimatedAsrByClass: isList(isEstimate),
  trigger: isTrigger,
  attention: isList(
    isObject<AttentionConcentration>({
      layer: isNumber,
      clean: isNumber,
      triggered: isNumber,
      gini: isPairOfFigures,
      entropy: isPairOfFigures,
      examples: isList(
        isObject<AttentionExample>({ graph: isNumber, nodes: isList(isNumber), clean: isNumber, triggered: isNumber }),
      ),
    }),
  ),
  signals: isRecord(isNumber),
  cleanGraphs: optional(isNumber),
  cautions: optional(isList(isText)),
  measured: optional(
    isObject<MeasuredRates>({
      scans: isText,
      backdoored: isScannedModels,
      clean: isScannedModels,
      warningsOnly: optional(isFlag),
    }),
  ),
  syntheticGraphs: optional(isNumber),
});

type Verdict<Kind extends BackdoorVerdict['kind']> = Extract<BackdoorVerdict, { kind: Kind }>;

export const isVerdict: Check<BackdoorVerdict> = isAnyOf(
  isObject<Verdict<'likely'>>({ kind: isOneOf(['likely']), evidence: isEvidence }),
  isObject<Verdict<'no-sign'>>({ kind: isOneOf(['no-sign']), evidence: isEvidence }),
  isObject<Verdict<'not-assessed'>>({
    kind: isOneOf(['not-assessed']),
    reason: isText,
    code: optional(isOneOf(['GN901', 'GN902', 'GN903', 'GN904', 'GN905', 'GN906'])),
    evidence: optional(isEvidence),
    assumed: optional(isRecord(isAnyOf(isText, isFlag))),
    purified: optional((value) => value === true),
  }),
);

export const isFinding = isObject<Finding>({
  code: isOneOf(findingCodes),
  severity: isOneOf(severities),
  judged: optional(isOneOf(severities)),
  message: isText,
  details: isList(isText),
  place: optional(
    isObject<FindingPlace>({
      entry: optional(isText),
      offset: optional(isNumber),
      tensor: optional(isText),
      layer: optional(isNumber),
    }),
  ),
  subject: optional(isText),
});

export const isArchitecture = isObject<ArchitectureSummary>({
  kind: isOneOf(modelKinds),
  layers: isNumber,
  hidden: isNumber,
  inputs: isNumber,
  classes: isNumber,
  readout: isOneOf(readouts),
  batchNorm: isFlag,
  eps: optional(isList(isNumber)),
  heads: optional(isNumber),
  widths: optional(isList(isNumber)),
  encoder: optional(isFlag),
  encoderActivation: optional(isFlag),
  activation: optional(isOneOf(activations)),
  lastActivation: optional(isFlag),
  norm: optional(isOneOf(normKinds)),
  normBehindActivation: optional(isFlag),
  residual: optional(isFlag),
  jumping: optional(isOneOf(jumpings)),
  jumpingInput: optional(isFlag),
  secondReadout: optional(isOneOf(readouts)),
  head: optional(isNumber),
  aggregator: optional(isOneOf(aggregators)),
  normalisation: optional(isOneOf(normalisations)),
  selfLoops: optional(isFlag),
  headsAveraged: optional(isFlag),
  embeddings: optional(isList(isNumber)),
  edgeEmbeddings: optional(isList(isNumber)),
  virtualNode: optional(isFlag),
  oneOutput: optional(isFlag),
});

const isRunSettings = isObject<RunSettings>({
  seed: isNumber,
  features: optional(isOneOf(featureKinds)),
  data: optional(isText),
  dataHash: optional(isText),
  cleanGraphs: optional(isNumber),
  backend: isText,
});

export const isScanReport = isObject<ScanReport>({
  file: isText,
  sha256: isText,
  bytes: isNumber,
  format: isText,
  architecture: optional(isArchitecture),
  architectureNotes: isList(isText),
  backdoor: isVerdict,
  findings: isList(isFinding),
  settings: isRunSettings,
  targetName: optional(isText),
  cached: optional(isObject<NonNullable<ScanReport['cached']>>({ computed: isText })),
});

export const isDataFit = isObject<DataFit>({
  name: isText,
  graphs: isNumber,
  fitting: isList(isOneOf(featureKinds)),
  reason: optional(isText),
});
