import type * as tf from '@tensorflow/tfjs-core';
import type { GraphBatch } from '../graph/batch';
import type { ForwardOptions, ForwardResult } from './forward';
import type { LinearVariables, NormVariables, ParameterSpec, TensorSpec, TensorValues } from './parameters';
import type { Site } from './sites';

/** A parameter with its description. */
export interface Part {
  readonly spec: ParameterSpec<unknown>;
  readonly value: unknown;
}

/** Values that a tensor starts with. */
export type ValuesOf = (tensor: TensorSpec) => TensorValues;

/** What a model is made of and how it is run: of the usual shape (`UsualBody`) or of any other (`PlannedBody`). */
export interface ModelBody {
  /** All parameters in the order of computation. */
  readonly parts: readonly Part[];
  /** Where activations can be recorded and bounded. */
  readonly sites: readonly Site[];
  /** The BatchNorm that gives the last layer's output, through an activation or directly; undefined where none does. */
  readonly lastNorm: NormVariables | undefined;
  readonly reader: LastLayerReader;
  /** Whether logits are sums or means of what single nodes contribute, which then can be bounded. */
  readonly isSumOfNodes: boolean;
  run(batch: GraphBatch, options?: ForwardOptions): ForwardResult;
  linearLayers(): LinearVariables[];
}

/** What reads the last layer's output, behind the readout. */
export interface LastLayerReader {
  /** `[channels read, outputs]` */
  readonly weight: tf.Variable<tf.Rank.R2>;
  /** The rows of the weight for the last layer's first channel, one for each readout of it. */
  readonly firstRows: readonly number[];
}
