import type { RecombinedGraphs } from '../graph/recombine';
import { predictLogits } from '../gnn/predict';
import type { PurifyContext } from './context';
import type { GraphnadOptions } from './options';
import { mixTrueLabels, sharpeningTemperature, softmaxRows } from './softLabels';

/**
 * Soft labels of a pool: what the suspect answers on its graphs, which carry no trigger, sharpened; copies of clean
 * graphs take the mean of that and their true class (docs/method.md, step 2).
 */
export class SuspectLabels {
  /** Settled by the first pool, so that labels do not change from round to round. */
  private temperature: number | undefined;

  constructor(
    private readonly context: Pick<PurifyContext, 'suspect' | 'layout'> & {
      readonly options: Pick<GraphnadOptions, 'labelEntropy'>;
    },
  ) {}

  /** @returns probabilities, `[graphs, classes]` */
  of(pool: RecombinedGraphs): Float32Array {
    const { suspect, layout, options } = this.context;
    const { classes } = suspect.architecture;
    const logits = predictLogits(suspect, pool.graphs, layout);
    this.temperature ??= sharpeningTemperature(logits, classes, options.labelEntropy);
    const targets = softmaxRows(logits, classes, this.temperature);
    mixTrueLabels(targets, pool, classes);
    return targets;
  }
}
