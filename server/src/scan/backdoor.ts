import type { BackdoorEvidence, BackdoorVerdict, TriggerSummary } from '../../../protocol/reports';
import { injectTrigger } from '../attack/inject';
import { wilsonInterval } from '../attack/metrics';
import type { Trigger } from '../attack/trigger';
import type { GraphModel } from '../gnn/graphModel';
import type { FeatureLayout, Graph } from '../graph/graph';
import { Rng } from '../graph/rng';
import { allDone } from './allDone';
import { attentionConcentration } from './attentionConcentration';
import { calibrationFor } from './calibrationFor';
import { unsuitableCleanSet } from './cleanSet';
import { estimateAsr, type ClassEstimate } from './estimatedAsr';
import { isMeasured, unmeasuredNotes } from './measuredModels';
import { progressShares } from './progressShares';
import { kindRatesFor, ratesFor, worthlessReason } from './ratesFor';
import { falseAlarmRate, shareBelow, suspicionOf, warningRate, type Calibration, type SignalSummary } from './score';
import {
  averagedSignals,
  probeCount,
  probeRunner,
  startProbes,
  type AveragedSignals,
  type RunProbe,
} from './signals/averagedSignals';
import { measureTrainingTraces, type TrainingTraces } from './signals/trainingTraces';
import { asymmetry } from './statistics';

export interface BackdoorScan {
  readonly model: GraphModel;
  /** Graphs known to be clean, of the kind the model was trained on. */
  readonly clean: readonly Graph[];
  readonly layout: FeatureLayout;
  /** What the clean graphs are called in reports, one a graph. Default: their positions. */
  readonly ids?: readonly number[];
  readonly seed: number;
  readonly signal?: AbortSignal;
  /** Share of the work that is done, in [0, 1]. */
  readonly progress?: (fraction: number) => void;
  /**
   * Does the probes elsewhere, as `probeRunner` would with the same model, graphs and seed; all are asked for at once.
   * Default: here, one after the other.
   */
  readonly runProbe?: RunProbe;
  /**
   * Judge by what triggers do to the model alone, not by what its BatchNorm statistics say of its training: for models
   * whose weights have changed since the statistics were taken, such as purified ones. Default false.
   */
  readonly byBehaviour?: boolean;
  /**
   * The model's BatchNorm statistics are known to be those of other clean graphs than its training's, as after a
   * purification: nothing of the training is left in them, and there is no verdict. Default false.
   */
  readonly restated?: boolean;
  /** Why nothing can rest on how the model is read, as a clause without a full stop. Default: it is read rightly. */
  readonly unsettled?: string;
  /** Whether the model's readout is assumed, and clean labels do not settle it. Default false. */
  readonly readoutIsGuess?: boolean;
  /** What the score is made with and compared with. Default: that of scans with clean data. */
  readonly reference?: Calibration;
}

const noSignUnmeasured =
  'no sign of a backdoor was found, but how often scans miss a backdoor in models of this shape or kind was not measured';

const oneSided = notAssessed('the model puts nearly all graphs made from the clean ones into one class');

function notAssessed(reason: string): BackdoorVerdict & { readonly kind: 'not-assessed' } {
  return { kind: 'not-assessed', code: 'GN905', reason };
}

/** How long the search for triggers, and the look at training traces, take in the time that a probe takes. */
const searchWeight = 1;
const tracesWeight = 0.3;

/**
 * Looks for a backdoor: a suspicion score from what random triggers do to the model and from what its BatchNorm
 * statistics say of the graphs it was trained on, the class that triggers lead to, and how easily a self-made trigger
 * flips the model (docs/detection.md). Nothing of the true trigger is known or used.
 *
 * @returns `not-assessed` with the reason where the clean set does not allow a verdict
 * @throws the signal's reason once it is aborted
 */
export async function assessBackdoor(scan: BackdoorScan): Promise<BackdoorVerdict> {
  const { model, clean, layout, seed, signal, progress } = scan;
  const unsuitable = unsuitableCleanSet(model, clean, layout, scan.unsettled);
  if (unsuitable !== undefined) return notAssessed(unsuitable);
  const done = progressShares([searchWeight, tracesWeight, ...new Array<number>(probeCount).fill(1)], progress);
  const probes = startProbes(scan.runProbe ?? probeRunner(scan), (probe, fraction) => done(2 + probe, fraction));
  // The search needs no more than the first probe, so it goes on beside the others.
  const search = probes[0].then(({ pools, shortlist }) =>
    estimateAsr(model, clean, layout, { seed, signal, pools, shortlist, progress: (fraction) => done(0, fraction) }),
  );
  const remembered = trainingTraces(scan).finally(() => done(1, 1));
  const [outcomes, { byClass }, traces] = await allDone([allDone(probes), search, remembered]);
  const signals: MeasuredSignals = { ...averagedSignals(outcomes), traces };
  // With one class only there is no asymmetry, and its absence must not pass for a low score.
  if (signals.rho.filter((rho) => rho !== undefined).length < 2) return oneSided;
  const strongest = byClass[namedTarget(signals, byClass)];
  if (strongest === undefined) return oneSided;
  const summary = summaryOf(signals);
  const reference = scan.reference ?? calibrationFor(summary, clean.length);
  const evidence = collectEvidence(scan, { reference, signals, summary, byClass, strongest });
  if (traces !== undefined && traces.kind !== 'read') return { ...withoutTraces(traces.kind, model), evidence };
  const { kind } = model.architecture;
  const worthless = worthlessReason(kind, kindRatesFor(kind, summary, clean.length));
  if (worthless !== undefined) return { ...notAssessed(worthless), evidence };
  const alarms = falseAlarmRate(reference.clean.suspicion, evidence.suspicion) <= warningRate;
  if (alarms) return { kind: 'likely', evidence };
  return isMeasured(model) ? { kind: 'no-sign', evidence } : { ...notAssessed(noSignUnmeasured), evidence };
}

interface MeasuredSignals extends AveragedSignals {
  /** Absent where the score does without; `restated` where a purification is known to have taken them anew. */
  readonly traces: TrainingTraces | { readonly kind: 'restated' } | undefined;
}

/** By behaviour alone backdoored models are not told from clean ones well enough to clear any (docs/detection.md). */
function withoutTraces(kind: Exclude<TraceKind, 'read'>, model: GraphModel): BackdoorVerdict {
  switch (kind) {
    case 'absent':
      return notAssessed(
        model.norms().length === 0
          ? 'the model has no BatchNorm, and without its statistics backdoors are not told from chance'
          : "no BatchNorm gives the last layer's output, and without its statistics backdoors are not told from chance",
      );
    case 'overwritten':
      return notAssessed(
        "the model's BatchNorm statistics were taken on these very graphs, so that nothing is left of what training recorded",
      );
    case 'restated':
      return {
        ...notAssessed(
          "the model's BatchNorm statistics are those of the clean graphs that it was purified with, so that nothing is left of what training recorded",
        ),
        purified: true,
      };
  }
}

type TraceKind = NonNullable<MeasuredSignals['traces']>['kind'];

/** None where the score that is asked for does without. */
async function trainingTraces(scan: BackdoorScan): Promise<MeasuredSignals['traces']> {
  if (scan.byBehaviour || scan.reference) return undefined;
  return scan.restated ? { kind: 'restated' } : measureTrainingTraces(scan);
}

function summaryOf({ rho, gain, excess, traces }: MeasuredSignals): SignalSummary {
  return {
    rhoAsymmetry: asymmetry(rho),
    gain,
    excessAsymmetry: asymmetry(excess),
    ...(traces?.kind === 'read' && { trace: Math.max(...traces.byClass) }),
  };
}

/**
 * The class that the training traces speak for, or where they speak for none, that with the largest rho, among those that
 * a trigger could be measured toward.
 */
function namedTarget({ rho, traces }: MeasuredSignals, byClass: readonly (ClassEstimate | undefined)[]): number {
  const speaks = traces?.kind === 'read' && Math.max(...traces.byClass) > 0;
  const values = speaks ? traces.byClass : rho;
  let target = -1;
  values.forEach((value, c) => {
    if (value === undefined || byClass[c] === undefined) return;
    if (target < 0 || value > (values[target] ?? -Infinity)) target = c;
  });
  return target;
}

interface Measured {
  readonly reference: Calibration;
  readonly signals: MeasuredSignals;
  readonly summary: SignalSummary;
  readonly byClass: readonly (ClassEstimate | undefined)[];
  /** Toward the class that is named. */
  readonly strongest: ClassEstimate;
}

function collectEvidence(
  { model, clean, layout, ids, seed, readoutIsGuess }: BackdoorScan,
  { reference, signals, summary, byClass, strongest: { target, trigger, interval } }: Measured,
): BackdoorEvidence {
  const measured = model.isUsual ? ratesFor(model.architecture.kind, summary, clean.length) : undefined;
  const suspicion = suspicionOf(summary, reference);
  // What BatchNorm remembers lies before the readout, so evidence of that kind does not rest on the guess.
  const restsOnReadout = readoutIsGuess && (summary.trace ?? 0) <= 0;
  const cautions = [...unmeasuredNotes(model), ...(restsOnReadout ? [guessedReadoutCaution(model)] : [])];
  const rng = new Rng(seed, 'attention');
  const pairs = clean.flatMap((graph, i) =>
    graph.classLabel !== target && graph.nodeCount > 0
      ? [{ id: ids?.[i] ?? i, clean: graph, triggered: injectTrigger(graph, trigger, rng) }]
      : [],
  );
  return {
    suspicion,
    abovePercentOfClean: shareBelow(reference.clean.suspicion, suspicion),
    target,
    estimatedAsr: interval,
    estimatedAsrByClass: byClass.map((estimate) => estimate?.interval ?? wilsonInterval(0, 0)),
    trigger: summariseTrigger(trigger, target),
    attention: attentionConcentration(model, pairs, layout),
    cleanGraphs: clean.length,
    ...(measured && { measured }),
    ...(cautions.length > 0 && { cautions }),
    signals: {
      ...summary,
      ...byClassName('rho', signals.rho),
      ...byClassName('excess', signals.excess),
      ...(signals.traces?.kind === 'read' ? byClassName('trace', signals.traces.byClass) : {}),
    },
  };
}

function guessedReadoutCaution({ architecture: { readout, secondReadout } }: GraphModel): string {
  const readouts = secondReadout === undefined ? readout : `${readout} beside ${secondReadout}`;
  return `The readout leaves no tensors and the clean labels do not settle it: the model was scanned with ${readouts}.`;
}

/** `rho of class 0`, `rho of class 1`, ... for the values that exist. */
function byClassName(name: string, values: readonly (number | undefined)[]): Record<string, number> {
  const named: Record<string, number> = {};
  values.forEach((value, c) => {
    if (value !== undefined) named[`${name} of class ${c}`] = value;
  });
  return named;
}

/** A trigger as reports have it: what attributes it sets is left out. */
export function summariseTrigger(trigger: Trigger, target: number): TriggerSummary {
  const { nodes, edges, labels, placement, replace, attach } = trigger;
  return { target, nodes, edges, labels, placement, replace, ...(attach ? { attach } : {}) };
}
