import type { ConvolutionNames } from '../tensorNames';

/** Names in the usual hand-written model: convolutions in a list `convs`, BatchNorms in a list `bns`. */
export function usualNames(layer: number, batchNorm: boolean): ConvolutionNames {
  return { conv: `convs.${layer}`, ...(batchNorm && { norm: `bns.${layer}` }) };
}
