import * as tf from '@tensorflow/tfjs-core';
import type { Readout } from '../../../../protocol/model';
import { batchNormEpsilon, linearRelu, type LinearParameters } from '../../tensor/linearRelu';
import { nodeContributions, type Bounds, type LayerBounds } from '../forward';
import type { GraphModel } from '../graphModel';
import { ginLayers } from '../kinds/ginLayers';
import type { LinearVariables } from '../parameters';

interface FrozenLayer {
  /** Weight of a node's own row, 1 + eps. */
  readonly selfWeight: number;
  readonly first: LinearParameters;
  readonly second: LinearParameters;
  readonly limits: LayerBounds;
}

/**
 * A copy of a GIN as it is now, with BatchNorm at its running statistics folded into the linear layers, that computes
 * rows of nodes apart from their graphs. It holds tensors: call `dispose` when done with it.
 */
export class FrozenGin {
  readonly inputs: number;
  readonly classes: number;
  readonly readout: Readout;
  /** `[classes]` */
  readonly outputBias: Float32Array;
  readonly layers: readonly FrozenLayer[];
  private readonly outputWeight: tf.Tensor2D;
  private readonly contributionBounds: Bounds['contributions'];

  constructor(model: GraphModel, bounds?: Bounds) {
    const { output } = model.parameters;
    ({ inputs: this.inputs, classes: this.classes, readout: this.readout } = model.architecture);
    this.layers = ginLayers(model).map(({ eps, first, second }, i) => ({
      selfWeight: 1 + eps,
      first: folded(first),
      second: folded(second),
      limits: bounds?.layers[i] ?? {},
    }));
    this.outputWeight = copyOf<tf.Rank.R2>(output.weight);
    this.outputBias = output.bias.dataSync<'float32'>().slice();
    this.contributionBounds = bounds?.contributions;
  }

  /**
   * Output of a layer (counted from 0).
   *
   * @param aggregated each node's own row times `selfWeight` plus its neighbours', within bounds, `[nodes, width]`
   * @returns `[nodes, hidden]`
   */
  layerOutput(layer: number, aggregated: tf.Tensor2D): tf.Tensor2D {
    const { first, second, limits } = this.layers[layer];
    return tf.tidy(() =>
      linearRelu(linearRelu(aggregated, first, { upper: limits.hidden }), second, { upper: limits.output }),
    );
  }

  /**
   * What each node adds to the logits, within bounds: they are the bias plus the sum of this, or the mean, over a graph.
   *
   * @param outputs of the last layer, `[nodes, hidden]`
   * @returns `[nodes, classes]`
   */
  contributions(outputs: tf.Tensor2D): tf.Tensor2D {
    if (this.contributionBounds === undefined) return tf.matMul(outputs, this.outputWeight);
    const { low, high } = this.contributionBounds;
    return tf.tidy(() => {
      const centred = nodeContributions(outputs, this.outputWeight);
      return tf.maximum(tf.minimum(centred, tf.tensor1d(high)), tf.tensor1d(low));
    });
  }

  dispose(): void {
    for (const { weight, bias } of this.layers.flatMap(({ first, second }) => [first, second])) {
      tf.dispose([weight, bias]);
    }
    this.outputWeight.dispose();
  }
}

/** W' = W s and b' = (b - mean) s + beta with s = gamma / sqrt(var + eps), in tensors of their own. */
function folded({ weight, bias, norm }: LinearVariables): LinearParameters {
  if (norm === undefined) return { weight: copyOf<tf.Rank.R2>(weight), bias: copyOf<tf.Rank.R1>(bias) };
  const { mean, variance } = norm.running;
  return tf.tidy(() => {
    const scale: tf.Tensor1D = tf.div(norm.gamma, tf.sqrt(tf.add(tf.tensor1d(variance), batchNormEpsilon)));
    return {
      weight: tf.mul<tf.Tensor2D>(weight, scale),
      bias: tf.add<tf.Tensor1D>(tf.mul(tf.sub(bias, tf.tensor1d(mean)), scale), norm.beta),
    };
  });
}

/** A tensor of its own: `tf.clone` shares the values, which an optimizer may overwrite. */
function copyOf<R extends tf.Rank>(tensor: tf.Tensor<R>): tf.Tensor<R> {
  return tf.tensor<R>(tensor.dataSync<'float32'>().slice(), tensor.shape, 'float32');
}
