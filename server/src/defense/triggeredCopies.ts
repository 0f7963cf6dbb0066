import { injectTrigger } from '../attack/inject';
import { drawTrigger, labelMarginal, type TriggerPriorOptions } from '../attack/triggerPrior';
import type { FeatureLayout, Graph } from '../graph/graph';
import type { Rng } from '../graph/rng';
import { divergenceRows } from './softLabels';

/** Draws self-made triggers into graphs. The true trigger is unknown: it never trains or selects. */
export class TriggerSource {
  private readonly marginal: Float64Array;

  /** @param clean graphs whose labels the triggers' labels are drawn from; without labels triggers are structure only */
  constructor(
    clean: readonly Graph[],
    layout: FeatureLayout,
    private readonly prior: TriggerPriorOptions,
  ) {
    this.marginal = labelMarginal(clean, layout.labelColumns);
  }

  /** One triggered copy of a graph. */
  draw(graph: Graph, rng: Rng): Graph {
    const trigger = drawTrigger(rng, this.marginal, this.prior);
    // A trigger as large as its host leaves nothing of it: one more try.
    const fitting = graph.nodeCount > trigger.nodes ? trigger : drawTrigger(rng, this.marginal, this.prior);
    return injectTrigger(graph, fitting, rng);
  }
}

export interface WorstCaseOptions {
  /** Candidates a graph. */
  readonly candidates: number;
  /** Probability that the worst candidate is kept, not a random one. */
  readonly worstShare: number;
}

/**
 * A triggered copy of each graph: of several candidates mostly the one that moves the model farthest from the graph's
 * soft label (hard-example mining).
 *
 * @param targets soft labels of the graphs, `[graphs, classes]`
 * @param predict logits of graphs, `[graphs, classes]`
 */
export function worstTriggeredCopies(
  graphs: readonly Graph[],
  targets: Float32Array,
  predict: (graphs: readonly Graph[]) => Float32Array,
  source: TriggerSource,
  options: WorstCaseOptions,
  rng: Rng,
): Graph[] {
  const { candidates, worstShare } = options;
  const classes = targets.length / graphs.length;
  const drawn = graphs.flatMap((graph) => Array.from({ length: candidates }, () => source.draw(graph, rng)));
  const repeated = new Float32Array(drawn.length * classes);
  drawn.forEach((_, i) => {
    const g = Math.floor(i / candidates);
    repeated.set(targets.subarray(g * classes, (g + 1) * classes), i * classes);
  });
  const divergences = divergenceRows(predict(drawn), repeated, classes);
  return graphs.map((_, g) => {
    let kept = g * candidates;
    for (let i = kept + 1; i < (g + 1) * candidates; i++) if (divergences[i] > divergences[kept]) kept = i;
    return drawn[rng.uniform() < worstShare ? kept : g * candidates + rng.integer(candidates)];
  });
}
