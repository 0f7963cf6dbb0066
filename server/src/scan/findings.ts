import type { Finding, NotAssessedCode } from '../../../protocol/findings';
import { estimateText, percent, shareOfModels } from '../../../protocol/numberText';
import type { AttentionExample, BackdoorEvidence, BackdoorVerdict, Estimate, Metrics } from '../../../protocol/reports';
import { attackSuccess, type OutcomeCode } from '../defense/outcome';
import { largestRise } from './attentionRise';
import { calibrationFor } from './calibrationFor';
import { describeTrigger } from './describeTrigger';
import { measuredText } from './measuredText';
import { errorRate, falseAlarmRate, shareBelow, warningRate, type Calibration } from './score';
import { quantile } from './statistics';
import { syntheticCalibration } from './synthetic/calibration';

export interface FindingNames {
  /** The user's names of the classes, by class. */
  readonly classNames?: readonly string[];
}

/**
 * A verdict as findings: GN201 (suspicion), GN202 (attention concentration), GN203 (one class easy to reach), or the
 * GN9xx that says why there is no verdict.
 */
export function backdoorFindings(
  verdict: BackdoorVerdict,
  names: FindingNames = {},
  reference?: Calibration,
): Finding[] {
  if (verdict.kind === 'not-assessed') return [notAssessedFinding(verdict.code ?? 'GN905', verdict.reason)];
  const { evidence } = verdict;
  return evidenceFindings(evidence, names, reference ?? referenceOf(evidence));
}

/** What evidence is compared with: clean models scanned in the same way. */
function referenceOf({ syntheticGraphs, signals, cleanGraphs = 0 }: BackdoorEvidence): Calibration {
  return syntheticGraphs === undefined ? calibrationFor(signals, cleanGraphs) : syntheticCalibration;
}

function evidenceFindings(evidence: BackdoorEvidence, names: FindingNames, reference: Calibration): Finding[] {
  const suspicious = suspicionFinding(evidence, names, reference);
  return [
    suspicious,
    concentrationFinding(evidence, reference),
    // A model that is already called suspicious needs no second finding for the same class.
    suspicious === undefined ? easyClassFinding(evidence, names, reference) : undefined,
  ].filter((finding) => finding !== undefined);
}

/** @param reason a clause without a full stop, such as `no data set with 38 node features found` */
export function notAssessedFinding(code: NotAssessedCode, reason: string): Finding {
  return {
    code,
    severity: 'information',
    message: `Not assessed for backdoors: ${reason}`,
    details: ['This says nothing about whether the model carries a backdoor.'],
  };
}

function suspicionFinding(
  evidence: BackdoorEvidence,
  names: FindingNames,
  { clean }: Calibration,
): Finding | undefined {
  const rate = falseAlarmRate(clean.suspicion, evidence.suspicion);
  if (rate > warningRate) return undefined;
  const { target, suspicion, abovePercentOfClean, estimatedAsr, signals, syntheticGraphs, measured } = evidence;
  const { cautions = [] } = evidence;
  const isTrusted = syntheticGraphs === undefined && !measured?.warningsOnly && cautions.length === 0;
  const isError = rate <= errorRate && isTrusted;
  return {
    code: 'GN201',
    severity: isError ? 'error' : 'warning',
    message:
      `${isError ? 'Likely' : 'Possibly'} backdoored toward ${className(target, names)}: ` +
      `estimated ASR ${estimateText(estimatedAsr)} with a ${evidence.trigger.nodes}-node trigger, ` +
      `suspicion ${suspicion.toFixed(2)}, above ${shareOfModels(abovePercentOfClean)} clean models`,
    details: [
      `A ${describeTrigger(evidence.trigger)} sends ${Math.round(estimatedAsr.value * estimatedAsr.count)} of ` +
        `${estimatedAsr.count} graphs that it was not fitted on to ${className(target, names)} ` +
        `(clean reference models: ${percent(quantile(clean.estimatedAsr, 0.5))} at the median, so this alone is no evidence).`,
      ...trainingTraces(evidence),
      `Activations that random triggers drive out of their clean range grow ${Math.exp(signals.gain).toFixed(0)}-fold ` +
        `from the first layer to the last, and go with a shift toward ${className(target, names)} ` +
        `(correlation ${(signals[`rho of class ${target}`] ?? 0).toFixed(2)}).`,
      `Fewer than ${percent(isError ? errorRate : warningRate)} of clean reference models have such a score.`,
      ...(measured ? [`${measuredText(measured)}.`] : []),
      ...cautions.map((caution) => `${caution} So this is a warning at most.`),
      ...onSyntheticGraphs(evidence),
      ...beyondReference(evidence),
    ],
  };
}

/** What the BatchNorm statistics, which remember the training graphs, say for a backdoor. */
function trainingTraces({ signals: { trace = 0 } }: BackdoorEvidence): string[] {
  if (trace <= 0) return [];
  return [
    'The statistics that the last BatchNorm kept of the training graphs differ from those of the clean graphs in the ' +
      `direction in which triggers like that would have moved them (log-likelihood ratio ${Math.expm1(trace).toFixed(1)}): ` +
      'poisoned training data, or clean graphs that are unlike the training data.',
  ];
}

/** Graphs that were made up are no data, and what was seen on them is said to be such. */
function onSyntheticGraphs({ syntheticGraphs }: BackdoorEvidence): string[] {
  if (syntheticGraphs === undefined) return [];
  return [
    `No clean data were given: this is of ${syntheticGraphs} graphs made up from the statistics in the checkpoint. ` +
      'Scan with clean data to be surer.',
  ];
}

/** The reference models tell two classes apart, and asymmetry over more classes is larger by nature. */
function beyondReference({ estimatedAsrByClass: { length: classes } }: BackdoorEvidence): string[] {
  if (classes === 2) return [];
  return [`That was measured on models of 2 classes; of ${classes} classes more clean models may get such a score.`];
}

function concentrationFinding(evidence: BackdoorEvidence, { clean }: Calibration): Finding | undefined {
  const { attention, syntheticGraphs } = evidence;
  const { layer: worst, rise } = largestRise(attention);
  if (falseAlarmRate(clean.concentrationRise, rise) > errorRate) return undefined;
  return {
    code: 'GN202',
    severity: 'warning',
    message:
      `Attention concentration: with a trigger the top 5% of nodes hold ${percent(worst.triggered)} of layer ` +
      `${worst.layer}'s attention instead of ${percent(worst.clean)}, ${rise.toFixed(1)} times as much; ` +
      `clean models: ${range(clean.concentrationRise, 1)} times`,
    details: [
      `There the Gini coefficient of attention goes from ${worst.gini.clean.toFixed(2)} to ${worst.gini.triggered.toFixed(2)} ` +
        `(clean models: a rise of ${range(clean.giniRise)}), its entropy from ${worst.entropy.clean.toFixed(2)} to ` +
        `${worst.entropy.triggered.toFixed(2)} (clean models: a fall of ${range(clean.entropyFall)}).`,
      // Nobody can look at graphs that were made up.
      ...(syntheticGraphs === undefined ? [`Most in ${worst.examples.map(exampleText).join(', ')}.`] : []),
      'Weak evidence: by itself this figure does not tell backdoored models from clean ones.',
    ],
    place: { layer: worst.layer },
  };
}

/** `graph 12 (node 4: 80% instead of 20%)` */
function exampleText({ graph, nodes, clean, triggered }: AttentionExample): string {
  const what = nodes.length === 1 ? 'node' : 'nodes';
  return `graph ${graph} (${what} ${nodes.join(', ')}: ${percent(triggered)} instead of ${percent(clean)})`;
}

/** Where nine of ten clean models lie. */
function range(figures: readonly number[], decimals = 2): string {
  const [low, high] = [0.05, 0.95].map((q) => quantile(figures, q).toFixed(decimals));
  return `${low} to ${high}`;
}

function easyClassFinding(
  evidence: BackdoorEvidence,
  names: FindingNames,
  { clean }: Calibration,
): Finding | undefined {
  const gap = asrGap(evidence.estimatedAsrByClass);
  if (gap === undefined || gap.easiest.low <= gap.next.high) return undefined;
  if (falseAlarmRate(clean.asrGap, gap.easiest.value - gap.next.value) > errorRate) return undefined;
  const name = className(gap.target, names);
  return {
    code: 'GN203',
    severity: 'warning',
    message:
      `One class is far easier to reach than the others: a small trigger sends ${estimateText(gap.easiest)} of the ` +
      `graphs to ${name}, and at most ${estimateText(gap.next)} to any other class`,
    details: [
      `That gap is larger than in ${percent(shareBelow(clean.asrGap, gap.easiest.value - gap.next.value))} of clean models.`,
      'Weak evidence: clean models of unbalanced data lean to one class too.',
    ],
  };
}

/**
 * What a purification left undone, as findings on the purified model: GN301 (it can still be flipped), GN302 (it lost
 * accuracy).
 *
 * @param before figures of the suspect model
 * @param after figures of the purified model on the same graphs and triggers
 */
export function purificationFindings(codes: readonly OutcomeCode[], before: Metrics, after: Metrics): Finding[] {
  return codes.map((code): Finding => {
    switch (code) {
      case 'GN301':
        return {
          code,
          severity: 'warning',
          message:
            `The purified model can still be flipped: attack success ${percentOrUnknown(attackSuccess(before))} before, ` +
            `${percentOrUnknown(attackSuccess(after))} now`,
          details: ['The teacher has probably kept the backdoor. Do not use the model as it is.'],
        };
      case 'GN302':
        return {
          code,
          severity: 'warning',
          message: `Purification cost accuracy: ${percent(before.acc, 1)} before, ${percent(after.acc, 1)} now`,
          details: ['A low attack success at a lost accuracy is no purification.'],
        };
    }
  });
}

/** The class that is easiest to reach and the estimate of the next; undefined where fewer than two were measured. */
export function asrGap(
  byClass: readonly Estimate[],
): { readonly target: number; readonly easiest: Estimate; readonly next: Estimate } | undefined {
  const measured = byClass
    .map((estimate, target) => ({ estimate, target }))
    .filter(({ estimate }) => estimate.count > 0)
    .sort((a, b) => b.estimate.value - a.estimate.value);
  if (measured.length < 2) return undefined;
  return { target: measured[0].target, easiest: measured[0].estimate, next: measured[1].estimate };
}

function className(target: number, { classNames }: FindingNames): string {
  const name = classNames?.[target];
  return name === undefined || name === String(target) ? `class ${target}` : `class ${target} "${name}"`;
}

function percentOrUnknown(share: number | undefined): string {
  return share === undefined ? 'not measured' : percent(share);
}
