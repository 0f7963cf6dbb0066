import type { BackdoorEvidence, BackdoorVerdict, TriggerSummary } from '../../../protocol/reports';
import { injectTrigger } from '../attack/inject';
import { wilsonInterval } from '../attack/metrics';
import type { Trigger } from '../attack/trigger';
import type { GraphModel } from '../gnn/graphModel';
import type { FeatureLayout, Graph } from '../graph/graph';
import { Rng } from '../graph/rng';
import { allDone } from './allDone';
import { attentionConcentration } from './attentionConcentration';
import { calibration } from './calibration';
import { unsuitableCleanSet } from './cleanSet';
import { estimateAsr, type ClassEstimate } from './estimatedAsr';
import { progressShares } from './progressShares';
import { falseAlarmRate, shareBelow, suspicionOf, warningRate, type Calibration } from './score';
import {
  averagedSignals,
  probeCount,
  probeRunner,
  startProbes,
  type AveragedSignals,
  type RunProbe,
} from './signals/averagedSignals';
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
  /** What the score is made with and compared with. Default: that of scans with clean data. */
  readonly reference?: Calibration;
}

const oneSided: BackdoorVerdict = {
  kind: 'not-assessed',
  code: 'GN905',
  reason: 'the model puts nearly all graphs made from the clean ones into one class',
};

/** How long the search for triggers takes, in the time that a probe takes. */
const searchWeight = 1;

/**
 * Looks for a backdoor: a suspicion score from three signals, the class that triggers lead to, and how easily a
 * self-made trigger flips the model (docs/detection.md). Nothing of the true trigger is known or used.
 *
 * @returns `not-assessed` with the reason where the clean set does not allow a verdict
 * @throws the signal's reason once it is aborted
 */
export async function assessBackdoor(scan: BackdoorScan): Promise<BackdoorVerdict> {
  const { model, clean, layout, seed, signal, progress, reference = calibration } = scan;
  const unsuitable = unsuitableCleanSet(model, clean, layout);
  if (unsuitable !== undefined) return { kind: 'not-assessed', code: 'GN905', reason: unsuitable };
  const done = progressShares([searchWeight, ...new Array<number>(probeCount).fill(1)], progress);
  const probes = startProbes(scan.runProbe ?? probeRunner(scan), (probe, fraction) => done(1 + probe, fraction));
  // The search needs no more than the first probe, so it goes on beside the others.
  const search = probes[0].then(({ pools, shortlist }) =>
    estimateAsr(model, clean, layout, { seed, signal, pools, shortlist, progress: (fraction) => done(0, fraction) }),
  );
  const [outcomes, { byClass }] = await allDone([allDone(probes), search]);
  const signals = averagedSignals(outcomes);
  // With one class only there is no asymmetry, and its absence must not pass for a low score.
  if (signals.rho.filter((rho) => rho !== undefined).length < 2) return oneSided;
  const strongest = byClass[namedTarget(signals, byClass)];
  if (strongest === undefined) return oneSided;
  const evidence = collectEvidence(scan, signals, byClass, strongest);
  const alarms = falseAlarmRate(reference.clean.suspicion, evidence.suspicion) <= warningRate;
  return { kind: alarms ? 'likely' : 'no-sign', evidence };
}

/** The class with the largest rho, among those that a trigger could be measured toward. */
function namedTarget(signals: AveragedSignals, byClass: readonly (ClassEstimate | undefined)[]): number {
  let target = -1;
  signals.rho.forEach((rho, c) => {
    if (rho === undefined || byClass[c] === undefined) return;
    if (target < 0 || rho > (signals.rho[target] ?? -Infinity)) target = c;
  });
  return target;
}

function collectEvidence(
  { model, clean, layout, ids, seed, reference = calibration }: BackdoorScan,
  signals: AveragedSignals,
  byClass: readonly (ClassEstimate | undefined)[],
  { target, trigger, interval }: ClassEstimate,
): BackdoorEvidence {
  const summary = {
    rhoAsymmetry: asymmetry(signals.rho),
    gain: signals.gain,
    excessAsymmetry: asymmetry(signals.excess),
  };
  const suspicion = suspicionOf(summary, reference);
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
    signals: { ...summary, ...byClassName('rho', signals.rho), ...byClassName('excess', signals.excess) },
  };
}

/** `rho of class 0`, `rho of class 1`, ... for the values that exist. */
function byClassName(name: string, values: readonly (number | undefined)[]): Record<string, number> {
  const named: Record<string, number> = {};
  values.forEach((value, c) => {
    if (value !== undefined) named[`${name} of class ${c}`] = value;
  });
  return named;
}

/** A trigger as reports carry it. */
function summariseTrigger(trigger: Trigger, target: number): TriggerSummary {
  const { nodes, edges, labels, placement, replace, attach } = trigger;
  return { target, nodes, edges, labels, placement, replace, ...(attach ? { attach } : {}) };
}
