import type * as tf from '@tensorflow/tfjs-core';
import type { ModelKind } from '../../../../protocol/model';
import type { LayerRun } from '../layerRun';
import type { LinearVariables, ParameterSpec } from '../parameters';
import type { Site } from '../sites';
import type { LayerNames } from '../tensorNames';

/** What the size of a layer's tensors follows from. */
export interface LayerShape {
  readonly inputs: number;
  /** Between two linear maps, for layers that have two. */
  readonly inner: number;
  readonly outputs: number;
  /** Attention heads; 1 where there are none. */
  readonly heads: number;
  /** Of GIN; 0 for others. */
  readonly eps: number;
}

/** Tensors by the parts of a layer that they make, in the order in which a checkpoint holds them. */
export type LayerSpecs<Layer = object> = { readonly [part in keyof Layer]: ParameterSpec<Layer[part]> } & Readonly<
  Record<string, ParameterSpec<unknown>>
>;

/**
 * A kind of layer: all that is particular to it. Everything else (readout, training, checkpoints, bounds) is the same
 * for all kinds and knows of this description alone.
 *
 * Layers compute h' = ReLU(BatchNorm(convolution(h))), the BatchNorm where there is one.
 */
export interface LayerKind<Layer extends object = object, Names extends LayerNames = LayerNames> {
  readonly kind: ModelKind;
  /** Whether what a node passes on depends on its degree, beside its row. */
  readonly byDegree: boolean;
  /** Where its activations can be looked at. */
  readonly sites: readonly Site[];
  /** The names that PyTorch Geometric's modules have in the usual hand-written model. @param layer counted from 0 */
  names(layer: number, batchNorm: boolean): Names;
  specs(shape: LayerShape, names: Names): LayerSpecs<Layer>;
  /** The layer's output, `[run.classes.count, outputs]`; called within a tidy. */
  forward(layer: Layer, run: LayerRun): tf.Tensor2D;
  /** The linear maps that a node's row goes through, with what is added to it and the BatchNorm behind. */
  linears(layer: Layer): LinearVariables[];
}
