import * as tf from '@tensorflow/tfjs-core';
import { edgeAttention } from '../../../tensor/edgeAttention';
import { edgeAttentionV2 } from '../../../tensor/edgeAttentionV2';
import { linear } from '../../../tensor/linear';
import { neighbourhoods } from '../../messagePassing';
import { headVectors, type LinearVariables } from '../../parameters';
import { aggregation } from '../aggregation';
import type { AttentionHeads, GatConvolution, Gatv2Convolution } from '../modelPlan';
import { biasOf, combined, linearOf, optional } from '../planParameters';
import { inputOf, type PlannedConvolution } from './plannedConvolution';

type Bias = tf.Variable<tf.Rank.R1> | undefined;

interface GatVariables {
  readonly source: tf.Variable<tf.Rank.R2>;
  readonly target: tf.Variable<tf.Rank.R2>;
  readonly linear: LinearVariables;
  readonly bias: Bias;
}

/** GAT (Velickovic et al. 2018) with heads side by side or their mean. */
export function gatConvolution(plan: GatConvolution): PlannedConvolution<GatVariables> {
  const { heads, width, selfLoops = true } = plan;
  return {
    spec: combined<GatVariables>({
      source: headVectors(plan.source, heads, width),
      target: headVectors(plan.target, heads, width),
      linear: linearOf(plan.linear),
      bias: biasSpec(plan),
    }),
    sites: [],
    forward: ({ source, target, linear: layer, bias }, run) => {
      const z = run.refined(linear(inputOf(run), layer));
      const edges = neighbourhoods(run.batch, run.folding, run.depth, selfLoops);
      return { x: merged(edgeAttention(edges, z, { source, target }), plan, bias) };
    },
    linears: ({ linear: layer, bias }) => [withBias(layer, bias, plan)],
  };
}

interface Gatv2Variables {
  readonly attention: tf.Variable<tf.Rank.R2>;
  readonly source: LinearVariables;
  readonly target: LinearVariables | undefined;
  readonly bias: Bias;
}

/** GATv2 (Brody et al. 2022) with heads side by side or their mean, and weights of the two ends of their own or not. */
export function gatv2Convolution(plan: Gatv2Convolution): PlannedConvolution<Gatv2Variables> {
  const { heads, width, selfLoops = true } = plan;
  return {
    spec: combined<Gatv2Variables>({
      attention: headVectors(plan.attention, heads, width),
      source: linearOf(plan.source),
      target: optional(plan.target, linearOf),
      bias: biasSpec(plan),
    }),
    sites: [],
    forward: ({ attention, source, target, bias }, run) => {
      const h = inputOf(run);
      const sent = linear(h, source);
      const receiving = run.refined(target === undefined ? sent : linear(h, target));
      const edges = aggregation(run.batch, run.folding, run.depth, { selfLoop: selfLoops ? 1 : 0 });
      return { x: merged(edgeAttentionV2(edges, { source: sent, target: receiving }, attention), plan, bias) };
    },
    linears: ({ source, bias }) => [withBias(source, bias, plan)],
  };
}

function biasSpec({ bias, heads, width, averaged = false }: AttentionHeads) {
  return optional(bias, (name) => biasOf(name, averaged ? width : heads * width));
}

/** A linear map with what is added behind the attention, where that is as wide. */
function withBias(layer: LinearVariables, bias: Bias, { averaged = false }: AttentionHeads): LinearVariables {
  return bias === undefined || averaged ? layer : { ...layer, bias };
}

/** Heads side by side or their mean, plus the bias. @param x `[rows, heads * width]` */
function merged(x: tf.Tensor2D, { heads, width, averaged = false }: AttentionHeads, bias: Bias): tf.Tensor2D {
  const result = averaged ? tf.mean<tf.Tensor2D>(tf.reshape(x, [x.shape[0], heads, width]), 1) : x;
  return bias === undefined ? result : tf.add(result, bias);
}
