import * as tf from '@tensorflow/tfjs-core';
import type { GraphModel } from '../gnn/graphModel';
import { valuesOf } from '../tensor/valuesOf';

/**
 * Factors on what each neuron computes, in the order of layers and channels, `[neurons]` each: y = scale * (its weighted
 * sum) + shift * (its bias).
 */
export interface NeuronFactors {
  readonly scale: Float32Array;
  readonly shift: Float32Array;
}

/**
 * The neurons of a model below its output layer: channels of linear layers. Their factors act on the scale and shift of
 * BatchNorm where there is one (Wu & Wang 2021), else on the weights and the bias.
 */
export class Neurons {
  readonly count: number;
  private readonly groups: readonly NeuronGroup[];

  /** The weights as they are now are those at factors of 1. */
  constructor(model: GraphModel) {
    let first = 0;
    this.groups = model
      .linearLayers()
      .slice(0, -1)
      .map(({ weight, bias, norm }) => {
        const [scale, shift] = norm === undefined ? [weight, bias] : [norm.gamma, norm.beta];
        const group = { first, channels: shift.size, scale, shift, scales: copyOf(scale), shifts: copyOf(shift) };
        first += group.channels;
        return group;
      });
    this.count = first;
  }

  /** Sets all neurons' parameters to their first values times these factors. */
  apply({ scale, shift }: NeuronFactors): void {
    for (const group of this.groups) {
      const { first, channels } = group;
      assign(
        group.scale,
        group.scales.map((value, i) => value * scale[first + (i % channels)]),
      );
      assign(
        group.shift,
        group.shifts.map((value, i) => value * shift[first + i]),
      );
    }
  }

  /**
   * A loss and its slope along every factor, at the factors in force.
   *
   * @param loss evaluates the model
   */
  slopes(loss: () => tf.Scalar): { readonly value: number; readonly slopes: NeuronFactors } {
    const variables = this.groups.flatMap(({ scale, shift }): tf.Variable[] => [scale, shift]);
    const { value, grads } = tf.variableGrads(
      loss,
      variables.filter(({ trainable }) => trainable),
    );
    const slopes = { scale: new Float32Array(this.count), shift: new Float32Array(this.count) };
    for (const { first, channels, scale, shift, scales, shifts } of this.groups) {
      addProducts(slopes.scale, first, channels, grads[scale.name], scales);
      addProducts(slopes.shift, first, channels, grads[shift.name], shifts);
    }
    const result = { value: valuesOf(value)[0], slopes };
    tf.dispose([value, grads]);
    return result;
  }
}

interface NeuronGroup {
  /** Number of its first neuron. */
  readonly first: number;
  readonly channels: number;
  /** `[channels]` or `[inputs, channels]` */
  readonly scale: tf.Variable;
  /** `[channels]` */
  readonly shift: tf.Variable;
  /** Their first values. */
  readonly scales: Float32Array;
  readonly shifts: Float32Array;
}

function copyOf(variable: tf.Variable): Float32Array {
  return valuesOf(variable).slice();
}

function assign(variable: tf.Variable, values: Float32Array): void {
  tf.tidy(() => {
    variable.assign(tf.tensor(values, variable.shape));
  });
}

/** Adds up gradient times value for each channel, the last axis of both. */
function addProducts(
  sums: Float32Array,
  first: number,
  channels: number,
  gradient: tf.Tensor | undefined,
  values: Float32Array,
): void {
  // What no training changes, such as the bias of a linear layer that has none, has no slope.
  if (gradient === undefined) return;
  valuesOf(gradient).forEach((slope, i) => (sums[first + (i % channels)] += slope * values[i]));
}
