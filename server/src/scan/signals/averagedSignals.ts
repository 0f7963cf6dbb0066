import type { GinModel } from '../../gnn/gin';
import type { FeatureLayout, Graph } from '../../graph/graph';
import { Rng } from '../../graph/rng';
import { makePools, type CleanPools } from '../pools';
import { mean } from '../statistics';
import { measureSignals, type Signals } from './probe';

/**
 * Probes with their own halves, pseudo-graphs and triggers. A single probe of a small clean set is noisy: the same
 * model scored 0.34 to 0.71 by seed.
 */
const probes = 3;

export interface SignalInput {
  readonly model: GinModel;
  readonly clean: readonly Graph[];
  readonly layout: FeatureLayout;
  readonly seed: number;
  readonly signal?: AbortSignal;
  /** Share of the work that is done, in [0, 1]. */
  readonly progress?: (fraction: number) => void;
}

export interface AveragedSignals extends Omit<Signals, 'shortlist'> {
  /** Pools of the first probe, and the triggers that were strongest on its fitting half, by class. */
  readonly pools: CleanPools;
  readonly shortlist: Signals['shortlist'];
}

/**
 * The three signals, each the mean over three probes.
 *
 * @throws the signal's reason once it is aborted
 */
export async function averagedSignals(input: SignalInput): Promise<AveragedSignals> {
  const { model, clean, layout, seed, signal, progress } = input;
  const pools: CleanPools[] = [];
  const measured: Signals[] = [];
  for (let probe = 0; probe < probes; probe++) {
    pools.push(makePools(model, clean, layout, new Rng(seed, `pools ${probe}`)));
    measured.push(
      await measureSignals({
        model,
        clean,
        pools: pools[probe],
        layout,
        rng: new Rng(seed, `signals ${probe}`),
        signal,
        progress: (fraction) => progress?.((probe + fraction) / probes),
      }),
    );
  }
  const classes = [...measured[0].rho.keys()];
  return {
    rho: classes.map((c) => meanOfPresent(measured.map(({ rho }) => rho[c]))),
    gain: mean(measured.map(({ gain }) => gain)),
    excess: classes.map((c) => meanOfPresent(measured.map(({ excess }) => excess[c]))),
    pools: pools[0],
    shortlist: measured[0].shortlist,
  };
}

function meanOfPresent(values: readonly (number | undefined)[]): number | undefined {
  const present = values.filter((value) => value !== undefined);
  return present.length === 0 ? undefined : mean(present);
}
