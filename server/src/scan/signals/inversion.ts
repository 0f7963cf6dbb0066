import type { Estimate } from '../../../../protocol/reports';
import { wilsonInterval } from '../../attack/metrics';
import { softForwardOf } from '../../attack/softForward';
import type { Trigger } from '../../attack/trigger';
import type { GraphModel } from '../../gnn/graphModel';
import type { FeatureLayout, Graph } from '../../graph/graph';
import { Rng } from '../../graph/rng';
import { attackable, fewestGraphs, measureTrigger, type TriggerMeasurement } from '../estimatedAsr';
import type { CleanPools } from '../pools';
import { invertTrigger, type InversionSettings } from './invertTrigger';
import { triggerFamilies, type TriggerFamily } from './softTriggers';

/** The best trigger that gradients lead to toward one class, and how well it works on graphs it was not fitted on. */
export interface InvertedTrigger extends TriggerMeasurement {
  readonly target: number;
  readonly trigger: Trigger;
  /** Mean cross-entropy toward the target of the fitted graphs with the trigger. */
  readonly loss: number;
  /** `flipAsr` with its 95% Wilson interval. */
  readonly flip: Estimate;
  /** Edges that the trigger sets. */
  readonly edges: number;
  /** Labels that the trigger sets. */
  readonly labels: number;
}

/** By family and class; undefined for a class with too few graphs outside it to fit or to measure a trigger. */
export type InversionResult = Readonly<Partial<Record<TriggerFamily, readonly (InvertedTrigger | undefined)[]>>>;

export interface InversionInput {
  readonly model: GraphModel;
  /** Triggers are fitted on one half and measured on the other. */
  readonly pools: CleanPools;
  readonly layout: FeatureLayout;
  readonly seed: number;
  readonly settings?: InversionSettings;
  readonly signal?: AbortSignal;
  /** Share of the work that is done, in [0, 1]. */
  readonly progress?: (fraction: number) => void;
}

/** Graphs that a trigger is fitted on. */
const fitHosts = 12;

/**
 * Gradient inversion: for each class, triggers of structure only, of labels only, and of both, sought by gradient descent
 * on one half of the clean graphs and measured on the other. Features without labels allow structure only.
 *
 * How easily a class is reached says little about poisoning: clean models are flipped as easily (docs/detection.md).
 *
 * @returns undefined for models that gradients cannot be taken through to their graphs' edges: those of another shape
 *   than the usual one, and those without `softForwardOf`
 * @throws the signal's reason once it is aborted
 */
export async function invertTriggers(input: InversionInput): Promise<InversionResult | undefined> {
  const { model, layout, progress } = input;
  const forward = model.isUsual ? softForwardOf(model.architecture) : undefined;
  if (forward === undefined) return undefined;
  const families = layout.labelColumns > 0 ? triggerFamilies : (['structure'] as const);
  const { classes } = model.architecture;
  const result: Partial<Record<TriggerFamily, (InvertedTrigger | undefined)[]>> = {};
  let done = 0;
  for (const family of families) {
    const byClass: (InvertedTrigger | undefined)[] = [];
    for (let target = 0; target < classes; target++) {
      byClass.push(await invertToward(input, forward, family, target));
      progress?.(++done / (families.length * classes));
    }
    result[family] = byClass;
  }
  return result;
}

async function invertToward(
  { model, pools, layout, seed, settings, signal }: InversionInput,
  forward: NonNullable<ReturnType<typeof softForwardOf>>,
  family: TriggerFamily,
  target: number,
): Promise<InvertedTrigger | undefined> {
  const rng = new Rng(seed, `inversion ${family} ${target}`);
  const fit = attackable(pools.fit.graphs, target);
  const heldOut = attackable(pools.heldOut.graphs, target);
  if (fit.length < fewestGraphs || heldOut.length < fewestGraphs) return undefined;
  const hosts: Graph[] = [...rng.permutation(fit.length).subarray(0, fitHosts)].map((index) => fit[index]);
  const search = { model, forward, layout, hosts, target, family, settings, rng, signal };
  const { trigger, loss } = await invertTrigger(search);
  const measured = measureTrigger(model, trigger, target, heldOut, layout, seed);
  const { flipAsr, flipCount } = measured;
  if (flipAsr === undefined || flipCount < fewestGraphs) return undefined;
  const flip = wilsonInterval(Math.round(flipAsr * flipCount), flipCount);
  const [edges, labels] = [trigger.edges?.length ?? 0, trigger.labels?.length ?? 0];
  return { ...measured, target, trigger, loss, flip, edges, labels };
}
