import type { Estimate } from '../../../protocol/reports';
import { injectTrigger } from '../attack/inject';
import { attackMetrics, wilsonInterval, type AttackMetrics } from '../attack/metrics';
import { labelMarginal } from '../attack/triggerPrior';
import type { Trigger } from '../attack/trigger';
import type { GraphModel } from '../gnn/graphModel';
import { argmaxRows, predictLogits } from '../gnn/predict';
import type { FeatureLayout, Graph } from '../graph/graph';
import { Rng } from '../graph/rng';
import { hostsAmong, makePools, type CleanPools } from './pools';
import { findTrigger } from './findTrigger';

/** How well one trigger works on graphs that are not of its target class. */
export interface TriggerMeasurement extends AttackMetrics {
  /** `asr` with its 95% Wilson interval. */
  readonly interval: Estimate;
}

/** The best trigger found toward one class, and how well it works on graphs that it was not fitted on. */
export interface ClassEstimate extends TriggerMeasurement {
  readonly target: number;
  readonly trigger: Trigger;
}

export interface AsrEstimate {
  /** One entry a class; undefined where too few graphs lie outside the class to fit or to measure a trigger. */
  readonly byClass: readonly (ClassEstimate | undefined)[];
  /** The graphs that served: triggers were fitted on one half and measured on the other. */
  readonly pools: CleanPools;
}

export interface EstimateOptions {
  readonly seed: number;
  readonly signal?: AbortSignal;
  /** Share of the work that is done, in [0, 1]. */
  readonly progress?: (fraction: number) => void;
  /** Pools made before, so that several models are measured on the same graphs; made from the clean graphs by default. */
  readonly pools?: CleanPools;
  /** Triggers known to be strong, by class, fitted on no other graphs than `pools.fit`. */
  readonly shortlist?: readonly (readonly Trigger[])[];
}

const fitHosts = 24;
/** Fewer graphs outside a class than this give no estimate. */
export const fewestGraphs = 4;

/**
 * Estimated attack success rate: for each class, the cheap trigger that a search over small subgraphs finds on one
 * half of the clean graphs, measured on the other half. It says how easily a model can be flipped, not that it was
 * poisoned: clean models are flipped easily too.
 *
 * The search (`findTrigger`) scores on up to 24 graphs of the fitting half and starts from `shortlist` too. The
 * measured graphs are the held-out clean graphs and recombinations of them, because clean sets are too small by
 * themselves; the interval therefore speaks of graphs like these, and is too narrow for graphs unlike them.
 *
 * @param clean at least one graph with nodes; below ten the measured graphs are those that were fitted (see `makePools`)
 * @throws the signal's reason once it is aborted
 */
export async function estimateAsr(
  model: GraphModel,
  clean: readonly Graph[],
  layout: FeatureLayout,
  options: EstimateOptions,
): Promise<AsrEstimate> {
  const { seed, signal, progress, shortlist } = options;
  const rng = new Rng(seed, 'estimated asr');
  const pools = options.pools ?? makePools(model, clean, layout, new Rng(seed, 'pools'));
  const marginal = labelMarginal(pools.fit.graphs.slice(0, pools.fit.real), layout.labelColumns);
  const { classes } = model.architecture;
  const byClass: (ClassEstimate | undefined)[] = [];
  for (let target = 0; target < classes; target++) {
    const fit = attackable(pools.fit.graphs, target);
    const heldOut = attackable(pools.heldOut.graphs, target);
    if (fit.length < fewestGraphs || heldOut.length < fewestGraphs) {
      byClass.push(undefined);
      continue;
    }
    const hosts = [...rng.permutation(fit.length).subarray(0, fitHosts)].map((index) => fit[index]);
    const trigger = await findTrigger({
      model,
      layout,
      hosts,
      target,
      labelMarginal: marginal,
      shortlist: shortlist?.[target],
      rng,
      signal,
      progress: (fraction) => progress?.((target + fraction) / classes),
    });
    byClass.push({ target, trigger, ...measureTrigger(model, trigger, target, heldOut, layout, seed) });
  }
  return { byClass, pools };
}

/** Graphs not of the target class that can carry a trigger. */
export function attackable(graphs: readonly Graph[], target: number): Graph[] {
  return hostsAmong(graphs.filter((graph) => graph.classLabel !== target));
}

/**
 * Measures a given trigger.
 *
 * @param graphs those whose class is the target are left out; at least one other
 * @param seed chooses host nodes where the placement is random; the same seed gives every model the same graphs
 * @throws RangeError without a graph outside the target class
 */
export function measureTrigger(
  model: GraphModel,
  trigger: Trigger,
  target: number,
  graphs: readonly Graph[],
  layout: FeatureLayout,
  seed: number,
): TriggerMeasurement {
  const rng = new Rng(seed, 'measured trigger');
  const hosts = graphs.filter((graph) => graph.classLabel !== target);
  const triggered = hosts.map((graph) => injectTrigger(graph, trigger, rng));
  const predict = (batch: Graph[]): Int32Array =>
    argmaxRows(predictLogits(model, batch, layout), model.architecture.classes);
  const metrics = attackMetrics(predict(hosts), predict(triggered), target);
  return { ...metrics, interval: wilsonInterval(Math.round(metrics.asr * metrics.count), metrics.count) };
}
