import type { GraphModel } from '../../gnn/graphModel';
import type { FeatureLayout, Graph } from '../../graph/graph';
import { Rng } from '../../graph/rng';
import { makePools, type CleanPools } from '../pools';
import { mean } from '../statistics';
import { measureClean, type CleanMeasurements } from './cleanMeasurements';
import { measureSignals, type Signals } from './probe';

/**
 * Probes with their own halves, pseudo-graphs and triggers. A single probe of a small clean set is noisy: the same
 * model scored 0.34 to 0.71 by seed.
 */
export const probeCount = 3;

export interface SignalInput {
  readonly model: GraphModel;
  readonly clean: readonly Graph[];
  readonly layout: FeatureLayout;
  readonly seed: number;
  readonly signal?: AbortSignal;
}

/** What one probe found: plain data, which a structured clone copies. */
export interface ProbeOutcome extends Signals {
  /** The graphs that served. */
  readonly pools: CleanPools;
}

/**
 * Does one probe.
 *
 * @param probe counted from 0; what it finds depends on nothing else beyond the model, its clean graphs and the seed
 * @param progress is told the share of the probe that is done, in [0, 1]
 */
export type RunProbe = (probe: number, progress?: (fraction: number) => void) => Promise<ProbeOutcome>;

/**
 * Does probes of a model here, one after the other in the order in which they are asked for. What they share is measured
 * once. A probe that fails, as all do once `signal` is aborted, fails those that wait behind it.
 */
export function probeRunner({ model, clean, layout, seed, signal }: SignalInput): RunProbe {
  let shared: Promise<CleanMeasurements> | undefined;
  let last: Promise<unknown> = Promise.resolve();
  const run: RunProbe = async (probe, progress) => {
    shared ??= measureClean(model, clean, layout, signal);
    const measured = await shared;
    const pools = makePools(model, clean, layout, new Rng(seed, `pools ${probe}`));
    const rng = new Rng(seed, `signals ${probe}`);
    return { ...(await measureSignals({ model, clean: measured, pools, layout, rng, signal, progress })), pools };
  };
  return (probe, progress) => {
    const outcome = last.then(() => run(probe, progress));
    last = outcome;
    return outcome;
  };
}

/** Starts all probes whose signals are averaged. @param progress is told the share of each probe that is done */
export function startProbes(
  run: RunProbe,
  progress?: (probe: number, fraction: number) => void,
): Promise<ProbeOutcome>[] {
  return Array.from({ length: probeCount }, async (_, probe) => {
    const outcome = await run(probe, (fraction) => progress?.(probe, fraction));
    progress?.(probe, 1);
    return outcome;
  });
}

export type AveragedSignals = Omit<Signals, 'shortlist'>;

/** The three signals, each the mean over the probes. @param outcomes at least one */
export function averagedSignals(outcomes: readonly ProbeOutcome[]): AveragedSignals {
  const classes = [...outcomes[0].rho.keys()];
  return {
    rho: classes.map((c) => meanOfPresent(outcomes.map(({ rho }) => rho[c]))),
    gain: mean(outcomes.map(({ gain }) => gain)),
    excess: classes.map((c) => meanOfPresent(outcomes.map(({ excess }) => excess[c]))),
  };
}

function meanOfPresent(values: readonly (number | undefined)[]): number | undefined {
  const present = values.filter((value) => value !== undefined);
  return present.length === 0 ? undefined : mean(present);
}
