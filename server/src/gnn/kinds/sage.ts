import * as tf from '@tensorflow/tfjs-core';
import { sparseProduct } from '../../tensor/sparseProduct';
import { meanAndOwn } from '../messagePassing';
import { linear, type LinearVariables } from '../parameters';
import type { ConvolutionNames } from '../tensorNames';
import { usualNames } from './convolution';
import type { LayerKind } from './layerKind';

export interface SageLayer {
  /** Takes the mean of the neighbours and the node's own row, side by side. */
  readonly linear: LinearVariables;
}

/**
 * GraphSAGE (Hamilton et al. 2017; `SAGEConv` of PyTorch Geometric) with the mean aggregator:
 * h' = ReLU(BN(W_l mean of neighbours' h + b + W_r h)).
 */
export const sage: LayerKind<SageLayer, ConvolutionNames> = {
  kind: 'sage',
  byDegree: false,
  sites: ['aggregated', 'output'],
  names: usualNames,
  specs: ({ inputs, outputs }, { conv, norm }) => ({
    linear: linear({
      ...{ weights: [`${conv}.lin_l.weight`, `${conv}.lin_r.weight`], bias: `${conv}.lin_l.bias`, norm },
      ...{ inputs, outputs },
    }),
  }),
  forward: ({ linear: layer }, run) => {
    const { input, classes } = run;
    const matrix = meanAndOwn(run.batch, run.folding, run.depth);
    const received =
      input === undefined
        ? run.features(matrix, classes.count)
        : run.bounded('aggregated', tf.reshape(sparseProduct(matrix, input), [classes.count, 2 * input.shape[1]]));
    return run.linear(run.seen('aggregated', received), layer, 'output', { inputGradient: input !== undefined });
  },
  linears: ({ linear: layer }) => [layer],
};
