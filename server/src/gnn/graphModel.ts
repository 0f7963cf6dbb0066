import type * as tf from '@tensorflow/tfjs-core';
import type { ArchitectureSummary } from '../../../protocol/model';
import type { Tensor } from '../checkpoint/checkpoint';
import type { GraphBatch } from '../graph/batch';
import type { Rng } from '../graph/rng';
import { forward, type ForwardOptions, type ForwardResult } from './forward';
import { randomLinear } from './initialise';
import { linearLayers, linearValues, linearVariables, type GinParameters, type LinearVariables } from './parameters';
import type { Recognition } from './recognise';
import { loadLinear, stateDict, type StateDictEntry } from './stateDict';
import { defaultTensorNames, type GinTensorNames, type LinearNames } from './tensorNames';

/**
 * A GIN graph classifier (Xu et al. 2019) with trainable variables. Call `dispose` when done with it: tensors are
 * not garbage collected.
 */
export class GraphModel {
  private constructor(
    readonly architecture: ArchitectureSummary,
    private readonly names: GinTensorNames,
    /** Weights, biases and BatchNorm of every layer; they belong to the model. */
    readonly parameters: GinParameters,
  ) {}

  /** Builds the model that `recognition` found in the tensors. */
  static fromCheckpoint(tensors: ReadonlyMap<string, Tensor>, { architecture, names }: Recognition): GraphModel {
    const load = (linear: LinearNames): LinearVariables => linearVariables(loadLinear(tensors, linear));
    return new GraphModel(architecture, names, {
      layers: names.layers.map(({ first, second }, i) => ({
        eps: architecture.eps[i],
        first: load(first),
        second: load(second),
      })),
      output: load(names.output),
    });
  }

  /** A model with PyTorch's default initial weights and the usual tensor names. */
  static random(architecture: ArchitectureSummary, rng: Rng): GraphModel {
    const { layers, hidden, inputs, classes, batchNorm, eps } = architecture;
    const make = (from: number, to: number, norm: boolean): LinearVariables =>
      linearVariables(randomLinear(from, to, norm, rng));
    return new GraphModel(architecture, defaultTensorNames(layers, batchNorm), {
      layers: Array.from({ length: layers }, (_, i) => ({
        eps: eps[i],
        first: make(i === 0 ? inputs : hidden, hidden, batchNorm),
        second: make(hidden, hidden, batchNorm),
      })),
      output: make(hidden, classes, false),
    });
  }

  /**
   * Logits and layer outputs of a batch; the caller disposes them.
   *
   * @throws RangeError when the batch's features are not as wide as the model's first layer
   */
  forward(batch: GraphBatch, options?: ForwardOptions): ForwardResult {
    return forward(this.parameters, this.architecture.readout, batch, options);
  }

  /** All that training may change: weights, biases, and scales and shifts of BatchNorm. */
  trainable(): tf.Variable[] {
    return linearLayers(this.parameters).flatMap(({ weight, bias, norm }): tf.Variable[] =>
      norm === undefined ? [weight, bias] : [weight, bias, norm.gamma, norm.beta],
    );
  }

  /** Weight of the output layer, `[hidden, classes]`. */
  get outputWeight(): tf.Tensor2D {
    return this.parameters.output.weight;
  }

  /** An independent copy. */
  clone(): GraphModel {
    const copy = (linear: LinearVariables): LinearVariables => linearVariables(linearValues(linear));
    return new GraphModel(this.architecture, this.names, {
      layers: this.parameters.layers.map(({ eps, first, second }) => ({
        eps,
        first: copy(first),
        second: copy(second),
      })),
      output: copy(this.parameters.output),
    });
  }

  /** All tensors in PyTorch's order and orientation, by checkpoint tensor name: what a new checkpoint holds. */
  stateDict(): StateDictEntry[] {
    return stateDict(this.parameters, this.names);
  }

  /** What training may change, by checkpoint tensor name: weights, biases and all of BatchNorm, but not eps. */
  exportTensors(): Map<string, Float32Array> {
    const fixed = new Set(this.names.layers.map(({ eps }) => eps?.name));
    const changing = this.stateDict().filter(({ name, dtype }) => dtype === 'float32' && !fixed.has(name));
    return new Map(changing.map(({ name, values }) => [name, values]));
  }

  dispose(): void {
    for (const variable of this.trainable()) variable.dispose();
  }
}
