import * as tf from '@tensorflow/tfjs-core';
import { constant } from '../../parameters';
import { tablesOf, type TableRows } from '../embedding';
import type { EdgeGinConvolution } from '../modelPlan';
import { combined } from '../planParameters';
import { messagesOverEdges } from './edgeMessages';
import { inputOf, type PlannedConvolution } from './plannedConvolution';

interface EdgeGinVariables {
  readonly edges: TableRows;
  readonly eps: number;
}

/** GIN whose messages have features of edges in them; the network is the first of the steps. @param eps of the layer */
export function edgeGinConvolution(plan: EdgeGinConvolution, eps: number): PlannedConvolution<EdgeGinVariables> {
  return {
    spec: combined<EdgeGinVariables>({ edges: tablesOf(plan.edges), eps: constant(plan.eps, eps) }),
    sites: ['aggregated'],
    forward: ({ edges }, run) => {
      const h = inputOf(run);
      const received = messagesOverEdges(run, h, edges, { tables: plan.edges, byDegree: false });
      const sum = tf.add<tf.Tensor2D>(received, tf.mul(run.refined(h), 1 + eps));
      return { x: run.seen('aggregated', run.bounded('aggregated', sum)) };
    },
    linears: () => [],
  };
}
