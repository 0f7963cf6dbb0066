import * as tf from '@tensorflow/tfjs-core';
import { linear } from '../../../tensor/linear';
import type { LinearVariables } from '../../parameters';
import { rowOf, tablesOf, type TableRows } from '../embedding';
import type { EdgeGcnConvolution } from '../modelPlan';
import { combined, linearOf } from '../planParameters';
import { messagesOverEdges } from './edgeMessages';
import { inputOf, type PlannedConvolution } from './plannedConvolution';

interface EdgeGcnVariables {
  readonly edges: TableRows;
  readonly root: tf.Variable<tf.Rank.R2>;
  readonly linear: LinearVariables;
}

/** GCN whose messages have features of edges in them. */
export function edgeGcnConvolution(plan: EdgeGcnConvolution): PlannedConvolution<EdgeGcnVariables> {
  return {
    spec: combined<EdgeGcnVariables>({
      edges: tablesOf(plan.edges),
      root: rowOf(plan.root, plan.linear.outputs),
      linear: linearOf(plan.linear),
    }),
    sites: [],
    byDegree: true,
    forward: ({ edges, root, linear: layer }, run) => {
      const x = linear(inputOf(run), layer);
      const received = messagesOverEdges(run, x, edges, { tables: plan.edges, byDegree: true });
      const { representatives } = run.classes;
      const shares = Float32Array.from(representatives, (v) => 1 / (run.batch.degrees[v] + 1));
      const own = tf.relu(tf.add<tf.Tensor2D>(run.refined(x), root));
      return { x: tf.add(received, tf.mul(own, tf.tensor2d(shares, [shares.length, 1]))) };
    },
    linears: ({ linear: layer }) => [layer],
  };
}
