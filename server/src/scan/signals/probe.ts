import { injectTrigger } from '../../attack/inject';
import { drawTrigger } from '../../attack/triggerPrior';
import type { Trigger } from '../../attack/trigger';
import type { Bounds } from '../../gnn/forward';
import type { GraphModel } from '../../gnn/graphModel';
import { argmaxRows } from '../../gnn/predict';
import type { FeatureLayout, Graph } from '../../graph/graph';
import type { Rng } from '../../graph/rng';
import { HostRuns } from '../hostRuns';
import { predictInSteps } from '../modelRuns';
import { smallestHost, type CleanPools } from '../pools';
import { standardDeviation } from '../statistics';
import type { CleanMeasurements } from './cleanMeasurements';
import { excess, type HeldOutShifts } from './excess';
import { gain } from './gain';
import { margins } from './margins';
import type { ProbeRecording } from './recording';
import { rhoByClass } from './rho';
import { strongestTriggers } from './strongestTriggers';

/** What the signals are measured with; the same for every model, so that scores compare. */
const triggerCount = 96;
const mostHosts = 32;
/** With fewer large hosts, the largest graphs there are serve. */
const fewestHosts = 6;
/** Triggers toward each class whose excess is measured, and on how many held-out graphs. */
const excessTriggers = 3;
const mostExcessHosts = 24;
const fewestExcessHosts = 4;

/** The three signals of a model, by class where they depend on the class. */
export interface Signals {
  /** `[classes]`; undefined for a class that nearly all hosts already belong to. */
  readonly rho: readonly (number | undefined)[];
  readonly gain: number;
  readonly excess: readonly (number | undefined)[];
  /** The random triggers most effective toward each class, the strongest first. */
  readonly shortlist: readonly (readonly Trigger[])[];
}

export interface ProbeInput {
  readonly model: GraphModel;
  readonly clean: CleanMeasurements;
  readonly pools: CleanPools;
  readonly layout: FeatureLayout;
  readonly rng: Rng;
  readonly signal?: AbortSignal;
  /** Share of the work that is done, in [0, 1]. */
  readonly progress?: (fraction: number) => void;
}

/**
 * Puts 96 random triggers into up to 32 graphs of the fitting half, and measures what they do to the model and to its
 * copy clipped at a high quantile of clean activations (docs/detection.md).
 *
 * @throws the signal's reason once it is aborted
 */
export async function measureSignals(input: ProbeInput): Promise<Signals> {
  const { model, clean, layout, pools, rng, signal, progress } = input;
  const { classes } = model.architecture;
  const heldOut = await HeldOutProbe.prepare(input);
  const hosts = chooseHosts(pools.fit.graphs, heldOut.fitPredictions, classes);
  const triggers = Array.from({ length: triggerCount }, () => drawTrigger(rng, clean.labelMarginal));
  const before = await predictInSteps(model, hosts, layout, { signal });
  const runs = new HostRuns(model, hosts, layout);
  const run = await runs
    .withReach(triggers, rng, clean.ranges, { signal, progress: (fraction) => progress?.(0.8 * fraction) })
    .finally(() => runs.dispose());
  const recording: ProbeRecording = {
    triggerCount,
    hostCount: hosts.length,
    classCount: classes,
    hostPredictions: argmaxRows(before, classes),
    triggeredPredictions: argmaxRows(run.logits, classes),
    shifts: heldOut.shifts(before, run.logits),
    reach: run.reach,
  };
  const shortlist: Trigger[][] = [];
  const excesses: (number | undefined)[] = [];
  for (let target = 0; target < classes; target++) {
    const strongest = strongestTriggers(recording, target, excessTriggers).map((index) => triggers[index]);
    shortlist.push(strongest);
    excesses.push(excess(await heldOut.shiftsToward(target, strongest)));
    progress?.(0.8 + (0.2 * (target + 1)) / classes);
  }
  return { rho: rhoByClass(recording), gain: gain(recording), excess: excesses, shortlist };
}

/** Up to 32 large graphs, evenly by predicted class; the last of each, which are pseudo-graphs first. */
function chooseHosts(graphs: readonly Graph[], predictions: Int32Array, classes: number): Graph[] {
  const perClass = Math.floor(mostHosts / classes);
  const chosen: Graph[] = [];
  for (let c = 0; c < classes; c++) {
    const large = graphs.filter((graph, i) => predictions[i] === c && graph.nodeCount >= smallestHost);
    chosen.push(...large.slice(-perClass));
  }
  if (chosen.length >= fewestHosts) return chosen;
  return [...graphs].sort((a, b) => b.nodeCount - a.nodeCount).slice(0, mostHosts);
}

/** Measures shifts, and compares the model with its clipped copy on the held-out half. */
class HeldOutProbe {
  private constructor(
    private readonly input: ProbeInput,
    /** Classes of the fitting pool as the model sees them. */
    readonly fitPredictions: Int32Array,
    private readonly heldOutPredictions: Int32Array,
    /** Standard deviation of each class margin over both pools, `[classes]`. */
    private readonly deviations: Float64Array,
  ) {}

  static async prepare(input: ProbeInput): Promise<HeldOutProbe> {
    const { model, pools, layout, signal } = input;
    const { classes } = model.architecture;
    const graphs = [...pools.fit.graphs, ...pools.heldOut.graphs];
    const logits = await predictInSteps(model, graphs, layout, { signal });
    const predictions = argmaxRows(logits, classes);
    const allMargins = margins(logits, classes);
    const deviations = Float64Array.from({ length: classes }, (_, c) => {
      const own = allMargins.filter((_margin, i) => i % classes === c);
      return standardDeviation(own) + 1e-6;
    });
    const fitCount = pools.fit.graphs.length;
    return new HeldOutProbe(input, predictions.subarray(0, fitCount), predictions.subarray(fitCount), deviations);
  }

  /**
   * Changes of all class margins in standard deviations.
   *
   * @param before logits of the hosts, `[hosts, classes]`
   * @param after logits of the triggered hosts, `[triggers, hosts, classes]`
   */
  shifts(before: Float32Array, after: Float32Array): Float64Array {
    const classes = this.deviations.length;
    const from = margins(before, classes);
    return margins(after, classes).map((margin, i) => (margin - from[i % from.length]) / this.deviations[i % classes]);
  }

  /** Shifts toward `target` on held-out graphs outside it, by the model and by its clipped copy; none with too few graphs. */
  async shiftsToward(target: number, triggers: readonly Trigger[]): Promise<HeldOutShifts[]> {
    const { model, clean, pools, layout, rng, signal } = this.input;
    const outside = (graphs: readonly Graph[], predictions: Int32Array): Graph[] =>
      graphs.filter((graph, i) => predictions[i] !== target && graph.nodeCount >= smallestHost).slice(-mostExcessHosts);
    const hosts = outside(pools.heldOut.graphs, this.heldOutPredictions);
    const fitted = outside(pools.fit.graphs, this.fitPredictions);
    if (hosts.length < fewestExcessHosts || fitted.length < fewestExcessHosts) return [];
    const triggered = triggers.flatMap((trigger) => hosts.map((host) => injectTrigger(host, trigger, rng)));
    const toward = async (bounds?: Bounds): Promise<Float64Array> => {
      const before = await predictInSteps(model, hosts, layout, { signal, bounds });
      const after = await predictInSteps(model, triggered, layout, { signal, bounds });
      return this.shifts(before, after).filter((_, i) => i % this.deviations.length === target);
    };
    const byModel = await toward();
    const byClipped = await toward(clean.bounds);
    return triggers.map((_, t) => {
      const ofTrigger = (shifts: Float64Array): Float64Array =>
        shifts.subarray(t * hosts.length, (t + 1) * hosts.length);
      return { model: ofTrigger(byModel), clipped: ofTrigger(byClipped) };
    });
  }
}
