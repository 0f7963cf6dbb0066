import * as tf from '@tensorflow/tfjs-core';
import { linear } from '../../../tensor/linear';
import { linearRelu } from '../../../tensor/linearRelu';
import { unitRows } from '../../../tensor/unitRows';
import type { LinearVariables } from '../../parameters';
import type { SageConvolution } from '../modelPlan';
import { combined, linearOf, optional } from '../planParameters';
import { aggregated, inputOf, type PlannedConvolution } from './plannedConvolution';

interface SageVariables {
  readonly pool: LinearVariables | undefined;
  readonly neighbours: LinearVariables;
  readonly own: LinearVariables | undefined;
}

/** Rows of zeros stay zeros, as with PyTorch's `normalize`. */
const tiny = { norm: 0, squared: 1e-24 };

/** GraphSAGE (Hamilton et al. 2017) with any aggregator; also `GraphConv` of PyTorch Geometric (Morris et al. 2019). */
export function sageConvolution(plan: SageConvolution): PlannedConvolution<SageVariables> {
  const { aggregator = 'mean', unitRows: isUnit = false } = plan;
  return {
    spec: combined<SageVariables>({
      pool: optional(plan.pool, linearOf),
      neighbours: linearOf(plan.neighbours),
      own: optional(plan.own, linearOf),
    }),
    sites: [],
    forward: ({ pool, neighbours, own }, run) => {
      const h = inputOf(run);
      const sent = pool === undefined ? h : linearRelu(h, pool);
      const received = linear(aggregated(run, sent, aggregator, false), neighbours);
      const sum = own === undefined ? received : tf.add<tf.Tensor2D>(received, linear(run.refined(h), own));
      return { x: isUnit ? unitRows(sum, tiny) : sum };
    },
    linears: ({ neighbours }) => [neighbours],
  };
}
