import { sumAggregation } from '../messagePassing';
import { constant, linear, type LinearVariables } from '../parameters';
import type { GinLayerNames, LinearNames } from '../tensorNames';
import type { LayerKind } from './layerKind';

export interface GinLayer {
  /** A node's own row weighs 1 + eps. */
  readonly eps: number;
  readonly first: LinearVariables;
  readonly second: LinearVariables;
}

/**
 * GIN (Xu et al. 2019, "How powerful are graph neural networks?"; `GINConv` of PyTorch Geometric):
 * h' = ReLU(BN(W2 ReLU(BN(W1 ((1 + eps) h + sum of neighbours' h))))).
 */
export const gin: LayerKind<GinLayer, GinLayerNames> = {
  kind: 'gin',
  byDegree: false,
  sites: ['aggregated', 'hidden', 'output'],
  names: (layer, batchNorm) => ({
    eps: { name: `convs.${layer}.eps`, shape: [1] },
    first: place(layer, 0, batchNorm),
    second: place(layer, batchNorm ? 3 : 2, batchNorm),
  }),
  specs: ({ inputs, inner, outputs, eps }, names) => ({
    eps: constant(names.eps, eps),
    first: sequenceLinear(names.first, inputs, inner),
    second: sequenceLinear(names.second, inner, outputs),
  }),
  forward: ({ eps, first, second }, run) => {
    const matrix = sumAggregation(run.batch, run.folding, run.depth, 1 + eps);
    return run.linear(run.propagated(matrix, first, 'hidden'), second, 'output');
  },
  linears: ({ first, second }) => [first, second],
};

function place(layer: number, index: number, batchNorm: boolean): LinearNames {
  const stem = `convs.${layer}.nn.`;
  return { linear: `${stem}${index}`, ...(batchNorm && { norm: `${stem}${index + 1}` }) };
}

function sequenceLinear({ linear: name, norm }: LinearNames, inputs: number, outputs: number) {
  return linear({ weights: [`${name}.weight`], bias: `${name}.bias`, norm, inputs, outputs });
}
