import * as tf from '@tensorflow/tfjs-core';
import { edgeAttentionV2 } from '../../tensor/edgeAttentionV2';
import { sumAggregation } from '../messagePassing';
import { affine, bias, headVectors, type AffineVariables, type BiasVariables } from '../parameters';
import type { ConvolutionNames } from '../tensorNames';
import { usualNames } from './convolution';
import type { LayerKind } from './layerKind';

export interface Gatv2Layer {
  /** Scores the sum of sender and receiver, `[heads, width]`. */
  readonly attention: tf.Variable<tf.Rank.R2>;
  /** What makes a node's features as sender and as receiver. */
  readonly source: AffineVariables;
  readonly target: AffineVariables;
  readonly bias: BiasVariables;
}

/**
 * GATv2 (Brody et al. 2022; `GATv2Conv` of PyTorch Geometric) with heads side by side: h' = ReLU(BN(sum of
 * alpha_vu z_u over v and its neighbours u, + b)) with z = W_l h + b_l, alpha_v the softmax of
 * a . LeakyReLU(W_r h_v + b_r + z_u).
 */
export const gatv2: LayerKind<Gatv2Layer, ConvolutionNames> = {
  kind: 'gatv2',
  byDegree: false,
  sites: ['output'],
  names: usualNames,
  specs: ({ inputs, outputs, heads }, { conv, norm }) => ({
    attention: headVectors(`${conv}.att`, heads, outputs / heads),
    source: affine(`${conv}.lin_l`, inputs, outputs),
    target: affine(`${conv}.lin_r`, inputs, outputs),
    bias: bias(`${conv}.bias`, norm, outputs),
  }),
  forward: ({ attention, source, target, bias: behind }, run) => {
    const { batch, folding, depth } = run;
    const h = run.input ?? run.ownFeatures();
    const features = { source: applied(h, source), target: run.refined(applied(h, target)) };
    const received = edgeAttentionV2(sumAggregation(batch, folding, depth, 1), features, attention);
    return run.biased(received, behind, 'output');
  },
  linears: ({ source, bias: behind }) => [{ weight: source.weight, ...behind }],
};

function applied(h: tf.Tensor2D, { weight, bias: added }: AffineVariables): tf.Tensor2D {
  return tf.add(tf.matMul(h, weight), added);
}
