import * as tf from '@tensorflow/tfjs-core';
import { edgeAttention } from '../../tensor/edgeAttention';
import { neighbourhoods } from '../messagePassing';
import { bias, headVectors, matrix, type BiasVariables } from '../parameters';
import type { ConvolutionNames } from '../tensorNames';
import { usualNames } from './convolution';
import type { LayerKind } from './layerKind';

export interface GatLayer {
  /** Vectors that score a node as sender and as receiver, `[heads, width]`. */
  readonly source: tf.Variable<tf.Rank.R2>;
  readonly target: tf.Variable<tf.Rank.R2>;
  /** `[inputs, heads * width]` */
  readonly weight: tf.Variable<tf.Rank.R2>;
  readonly bias: BiasVariables;
}

/**
 * GAT (Velickovic et al. 2018; `GATConv` of PyTorch Geometric) with heads side by side: h' = ReLU(BN(sum of
 * alpha_vu W h_u over v and its neighbours u, + b)), alpha_v the softmax of LeakyReLU(a_dst . W h_v + a_src . W h_u).
 */
export const gat: LayerKind<GatLayer, ConvolutionNames> = {
  kind: 'gat',
  byDegree: false,
  sites: ['output'],
  names: usualNames,
  specs: ({ inputs, outputs, heads }, { conv, norm, weights = ['lin'] }) => ({
    source: headVectors(`${conv}.att_src`, heads, outputs / heads),
    target: headVectors(`${conv}.att_dst`, heads, outputs / heads),
    weight: matrix(
      weights.map((part) => `${conv}.${part}.weight`),
      inputs,
      outputs,
    ),
    bias: bias(`${conv}.bias`, norm, outputs),
  }),
  forward: ({ source, target, weight, bias: behind }, run) => {
    const z = run.refined(tf.matMul(run.input ?? run.ownFeatures(), weight));
    const received = edgeAttention(neighbourhoods(run.batch, run.folding, run.depth), z, { source, target });
    return run.biased(received, behind, 'output');
  },
  linears: ({ weight, bias: behind }) => [{ weight, ...behind }],
};
