import { attackMetrics } from '../attack/metrics';
import type { Bounds } from '../gnn/bounds';
import type { GraphModel } from '../gnn/graphModel';
import { argmaxRows, batches, predictBatches, predictLogits } from '../gnn/predict';
import type { GraphBatch } from '../graph/batch';
import type { FeatureLayout, Graph } from '../graph/graph';
import type { Rng } from '../graph/rng';
import { graphnadSettings } from './graphnadSettings';
import { defaultsOf } from './settings';
import { softmaxRows } from './softLabels';
import { TriggerSource } from './triggeredCopies';

/** Graphs that are asked about after every round: enough for a curve, few enough to cost next to nothing. */
const mostGraphs = 48;
/** Triggered copies tried on the suspect for each graph. */
const candidates = 8;

/** What a probe is made of; see `DefenseContext`. */
interface ProbeSubject {
  readonly suspect: GraphModel;
  readonly clean: readonly Graph[];
  readonly layout: FeatureLayout;
}

/**
 * Tells during training how far a model can still be flipped: the flip ASR of self-made triggers, one a graph, each the
 * one of eight draws that served best on the suspect, toward the class that such draws reach most often. The draws come
 * from the prior that training draws from, with random numbers of their own; nothing is trained on them or selected by
 * them. Graphs and triggers stay the same all along, so the figures of one run can be compared with each other, and not
 * with those of a searched trigger on held-back graphs, which are in the report.
 */
export class FlipProbe {
  /** The class that the triggers push toward. */
  readonly target: number;
  /** Positions among the clean graphs. */
  private readonly hosts: readonly number[];
  private readonly copies: readonly GraphBatch[];

  constructor({ suspect, clean, layout }: ProbeSubject, rng: Rng) {
    const count = Math.min(mostGraphs, clean.length);
    this.hosts = Array.from({ length: count }, (_, i) => Math.floor((i * clean.length) / count));
    const graphs = this.hosts.map((host) => clean[host]);
    const source = new TriggerSource(clean, layout, defaultsOf(graphnadSettings));
    const drawn = graphs.flatMap((graph) => Array.from({ length: candidates }, () => source.draw(graph, rng)));
    const { classes } = suspect.architecture;
    const without = argmaxRows(predictLogits(suspect, graphs, layout), classes);
    const answers = softmaxRows(predictLogits(suspect, drawn, layout), classes);
    this.target = easiestTarget(without, argmaxRows(answers, classes), classes);
    const kept = graphs.map((_, g) => drawn[strongest(answers, classes, this.target, g)]);
    this.copies = [...batches(kept, layout)];
  }

  /**
   * Flip ASR of a model: share of the graphs it does not put into the target class that the triggers send there.
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

/** The class that, of the graphs outside of it, the largest share has a draw that reaches it. */
function easiestTarget(without: Int32Array, drawn: Int32Array, classes: number): number {
  let easiest = 0;
  let largest = -1;
  for (let target = 0; target < classes; target++) {
    const outside = [...without.keys()].filter((g) => without[g] !== target);
    const reached = outside.filter((g) => drawn.subarray(g * candidates, (g + 1) * candidates).includes(target));
    const share = outside.length === 0 ? 0 : reached.length / outside.length;
    if (share > largest) [easiest, largest] = [target, share];
  }
  return easiest;
}

/** Index of the draw for graph `g` with the highest probability of the target; the first of equals. */
function strongest(answers: Float32Array, classes: number, target: number, g: number): number {
  let best = g * candidates;
  for (let i = best + 1; i < (g + 1) * candidates; i++) {
    if (answers[i * classes + target] > answers[best * classes + target]) best = i;
  }
  return best;
}
