import { normalisedAggregation } from '../messagePassing';
import { linear, type LinearVariables } from '../parameters';
import type { ConvolutionNames } from '../tensorNames';
import { usualNames } from './convolution';
import type { LayerKind } from './layerKind';

export interface GcnLayer {
  readonly linear: LinearVariables;
}

/**
 * GCN (Kipf & Welling 2017; `GCNConv` of PyTorch Geometric): h' = ReLU(BN(A h W + b)) with A the adjacency with
 * self-loops, divided by the root of the degrees of both ends.
 */
export const gcn: LayerKind<GcnLayer, ConvolutionNames> = {
  kind: 'gcn',
  byDegree: true,
  sites: ['aggregated', 'output'],
  names: usualNames,
  specs: ({ inputs, outputs }, { conv, norm }) => ({
    linear: linear({
      ...{ weights: [`${conv}.lin.weight`], bias: `${conv}.bias`, norm, inputs, outputs },
      ...{ weight: 'glorot', initialBias: 'zeros' },
    }),
  }),
  forward: ({ linear: layer }, run) =>
    run.propagated(normalisedAggregation(run.batch, run.folding, run.depth), layer, 'output'),
  linears: ({ linear: layer }) => [layer],
};
