import type { ConvolutionNames } from '../tensorNames';

/** Names in the usual hand-written model: convolutions in a list `convs`, BatchNorms in a list `bns`. */
export function usualNames(layer: number, batchNorm: boolean): ConvolutionNames {
  return { conv: `convs.${layer}`, ...(batchNorm && { norm: `bns.${layer}` }) };
}

export const usualReLU =
  'A ReLU after each layer, behind its BatchNorm, is assumed: activation functions leave no tensors.';

/** What kinds with attention assume. */
export const usualAttention: readonly string[] = [
  usualReLU,
  'Self-loops, heads side by side and a LeakyReLU with slope 0.2 are assumed: they leave no tensors.',
];
