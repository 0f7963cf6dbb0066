import { injectTrigger } from '../attack/inject';
import { attackMetrics, wilsonInterval } from '../attack/metrics';
import { cliqueEdges } from '../attack/motifs';
import type { Trigger } from '../attack/trigger';
import { drawTrigger, labelMarginal } from '../attack/triggerPrior';
import type { Bounds } from '../gnn/bounds';
import type { GraphModel } from '../gnn/graphModel';
import { argmaxRows, batches, predictBatches, predictLogits } from '../gnn/predict';
import type { GraphBatch } from '../graph/batch';
import type { FeatureLayout, Graph } from '../graph/graph';
import type { Rng } from '../graph/rng';

/** Graphs that are asked about again and again: enough for a curve, few enough to cost next to nothing. */
const mostGraphs = 48;
/** Graphs that triggers are tried on. */
const mostTried = 24;
/** Triggers tried from the prior, besides plain shapes that few draws may miss. */
const draws = 32;

const plainShapes: readonly Trigger[] = [3, 4, 5, 6].flatMap((nodes) =>
  (['degree', 'random'] as const).map((placement) => ({
    ...{ nodes, edges: cliqueEdges(nodes), labels: null, placement, replace: true },
  })),
);

/** What a probe is made of; see `DefenseContext`. */
interface ProbeSubject {
  readonly suspect: GraphModel;
  readonly clean: readonly Graph[];
  readonly layout: FeatureLayout;
}

/**
 * Tells during training how far a model can still be flipped: the flip ASR of one self-made trigger on clean graphs. It
 * is the one of forty that serves best on the suspect: cliques, and draws from the prior that training draws from, with
 * random numbers of their own. Nothing is trained on it or selected by it. Graphs and trigger stay the same all along, so
 * the figures of one run can be compared with each other, and not with those of the trigger that a scan searches, on
 * held-back graphs, which are in the report.
 */
export class FlipProbe {
  /** The class that the trigger pushes toward. */
  readonly target: number;
  /** Positions among the clean graphs. */
  private readonly hosts: readonly number[];
  private readonly copies: readonly GraphBatch[];

  constructor({ suspect, clean, layout }: ProbeSubject, rng: Rng) {
    const { classes } = suspect.architecture;
    const marginal = labelMarginal(clean, layout.labelColumns);
    const triggers = [...plainShapes, ...Array.from({ length: draws }, () => drawTrigger(rng, marginal))];
    const tried = evenly(clean, mostTried).map((host) => clean[host]);
    const predict = (graphs: readonly Graph[]): Int32Array =>
      argmaxRows(predictLogits(suspect, graphs, layout), classes);
    const copies = triggers.flatMap((trigger) => tried.map((graph) => injectTrigger(graph, trigger, rng)));
    const { trigger, target } = strongest(predict(tried), predict(copies), classes);
    this.target = target;
    this.hosts = evenly(clean, mostGraphs);
    const triggered = this.hosts.map((host) => injectTrigger(clean[host], triggers[trigger], rng));
    this.copies = [...batches(triggered, layout)];
  }

  /**
   * Flip ASR of a model: share of the graphs it does not put into the target class that the trigger sends there.
   *
   * @param cleanPredictions its predictions of all clean graphs
   * @returns undefined where it puts all graphs into the target class
   */
  flipAsr(
    model: GraphModel,
    cleanPredictions: Int32Array,
    options: { readonly bounds?: Bounds } = {},
  ): number | undefined {
    const triggered = predictBatches(model, this.copies, this.hosts.length, options);
    const without = this.hosts.map((host) => cleanPredictions[host]);
    return attackMetrics(without, argmaxRows(triggered, model.architecture.classes), this.target).flipAsr;
  }
}

/** Positions of at most `most` graphs, evenly over all. */
function evenly(graphs: readonly Graph[], most: number): number[] {
  const count = Math.min(most, graphs.length);
  return Array.from({ length: count }, (_, i) => Math.floor((i * graphs.length) / count));
}

/**
 * The trigger and the class with the highest flip ASR, by the lower end of its interval, so that few graphs outside of a
 * class do not decide; the first of equals.
 *
 * @param without predictions of the graphs
 * @param copies predictions of their copies, trigger by trigger
 */
function strongest(
  without: Int32Array,
  copies: Int32Array,
  classes: number,
): { readonly trigger: number; readonly target: number } {
  let best = { trigger: 0, target: 0, low: -1 };
  for (let trigger = 0; trigger * without.length < copies.length; trigger++) {
    const triggered = copies.subarray(trigger * without.length, (trigger + 1) * without.length);
    for (let target = 0; target < classes; target++) {
      const { flipAsr = 0, flipCount } = attackMetrics(without, triggered, target);
      const { low } = wilsonInterval(Math.round(flipAsr * flipCount), flipCount);
      if (low > best.low) best = { trigger, target, low };
    }
  }
  return best;
}
