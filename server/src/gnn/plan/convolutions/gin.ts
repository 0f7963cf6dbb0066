import * as tf from '@tensorflow/tfjs-core';
import type { SparseMatrix } from '../../../tensor/sparseMatrix';
import { sparseProduct } from '../../../tensor/sparseProduct';
import type { LayerRun } from '../../layerRun';
import { constant } from '../../parameters';
import { aggregation } from '../aggregation';
import type { GinConvolution } from '../modelPlan';
import type { Rows } from '../steps';
import { aggregated, inputOf, type PlannedConvolution } from './plannedConvolution';

/** GIN (Xu et al. 2019) with any aggregator and any steps behind: (1 + eps) h plus the neighbours'. @param eps of the layer */
export function ginConvolution(plan: GinConvolution, eps: number): PlannedConvolution<number> {
  const { aggregator = 'sum', selfLoops = false } = plan;
  const own = selfLoops ? 0 : 1 + eps;
  return {
    spec: constant(plan.eps, eps),
    sites: ['aggregated'],
    forward: (_, run) => {
      if (aggregator === 'max') {
        const h = inputOf(run);
        const neighbours = aggregated(run, h, 'max', selfLoops);
        const sum = own === 0 ? neighbours : tf.add<tf.Tensor2D>(neighbours, tf.mul(run.refined(h), own));
        return { x: run.seen('aggregated', run.bounded('aggregated', sum)), inputGradient: run.input !== undefined };
      }
      const { batch, folding, depth } = run;
      const dividedBy = aggregator === 'mean' ? 'receiver' : undefined;
      return propagation(aggregation(batch, folding, depth, { selfLoop: selfLoops ? 1 : 0, dividedBy, own }), run);
    },
    linears: () => [],
  };
}

/**
 * A h, computed behind the weights that follow where it can be (see `LayerRun.propagated`).
 *
 * @param matrix A, `[classes of this level, classes of the level before]`
 */
export function propagation(matrix: SparseMatrix, run: LayerRun): Rows {
  const { input } = run;
  if (input !== undefined && !run.watches('aggregated')) return { x: input, propagation: matrix };
  const received = input === undefined ? run.features(matrix) : run.bounded('aggregated', sparseProduct(matrix, input));
  return { x: run.seen('aggregated', received), inputGradient: input !== undefined };
}
