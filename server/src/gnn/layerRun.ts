import * as tf from '@tensorflow/tfjs-core';
import type { GraphBatch } from '../graph/batch';
import type { Folding, NodeClasses } from '../graph/fold';
import { batchNormRelu, type TrainingOutput } from '../tensor/batchNormRelu';
import { batchNormEpsilon, linearRelu, type Statistics } from '../tensor/linearRelu';
import type { SparseMatrix } from '../tensor/sparseMatrix';
import { sparseProduct } from '../tensor/sparseProduct';
import { trainingLinearRelu } from '../tensor/trainingLinearRelu';
import { aggregatedFeatures, distinctFeatures, refinement } from './messagePassing';
import type { BiasVariables, LinearVariables, NormVariables } from './parameters';
import type { LayerBounds, Site } from './sites';

/** Weight of the batch's statistics in the running ones: PyTorch's default. */
export const runningMomentum = 0.1;

/** What one layer of a model works on, and the steps that layers are made of. */
export class LayerRun {
  /** What the rows of the layer's output stand for. */
  readonly classes: NodeClasses;

  constructor(
    readonly batch: GraphBatch,
    readonly folding: Folding,
    /** Counted from 1. */
    readonly depth: number,
    /** Output of the layer before, `[classes of the level before, inputs]`; undefined for the features of the batch. */
    readonly input: tf.Tensor2D | undefined,
    private readonly options: {
      readonly training: boolean;
      readonly limits: LayerBounds;
      readonly record?: (site: Site, activations: tf.Tensor2D) => void;
    },
  ) {
    this.classes = folding.level(depth);
  }

  /** Whether BatchNorms normalise by the statistics of the batch. */
  get training(): boolean {
    return this.options.training;
  }

  /** Output of a linear layer, BatchNorm and ReLU behind it, on rows x or on what messages make of them. */
  linear(x: tf.Tensor2D, layer: LinearVariables, site: Site, options: LinearOptions = {}): tf.Tensor2D {
    const { training, limits } = this.options;
    const { propagation, inputGradient } = options;
    const { norm } = layer;
    const output =
      training && norm !== undefined
        ? this.tracked(
            trainingLinearRelu(x, layer, norm, {
              propagation,
              multiplicity: this.classes.multiplicity,
              inputGradient,
            }),
            norm,
          )
        : linearRelu(x, layer, { propagation, upper: limits[site], inputGradient });
    return this.seen(site, output);
  }

  /**
   * The same on A h, with h the layer's input: what GIN and GCN begin with. The first layer's A h is constant.
   * Elsewhere the weights come before the messages, because there are fewer senders than receivers, unless somebody
   * looks at or bounds what is received.
   *
   * @param matrix A, `[classes of this level, classes of the level before]`
   */
  propagated(matrix: SparseMatrix, layer: LinearVariables, site: Site): tf.Tensor2D {
    const { input } = this;
    if (input !== undefined && !this.watches('aggregated')) {
      return this.linear(input, layer, site, { propagation: matrix });
    }
    const received =
      input === undefined ? this.features(matrix) : sparseProduct(matrix, input, this.options.limits.aggregated);
    return this.linear(this.seen('aggregated', received), layer, site, { inputGradient: input !== undefined });
  }

  /** ReLU(BatchNorm(x + b)). */
  biased(x: tf.Tensor2D, { bias, norm }: BiasVariables, site: Site): tf.Tensor2D {
    const { training, limits } = this.options;
    if (training && norm !== undefined) {
      const output = batchNormRelu(x, norm, { bias, multiplicity: this.classes.multiplicity });
      return this.seen(site, this.tracked(output, norm));
    }
    const shifted = norm === undefined ? tf.add<tf.Tensor2D>(x, bias) : frozenNorm(x, bias, norm);
    return this.seen(site, within(tf.relu(shifted), limits[site]));
  }

  /** A x for constant features x of the batch, within the bounds of `aggregated`. */
  features(matrix: SparseMatrix, rows = matrix.shape[0]): tf.Tensor2D {
    const values = aggregatedFeatures(this.batch, this.folding, matrix);
    return within(tf.tensor2d(values, [rows, values.length / rows]), this.options.limits.aggregated);
  }

  /** Distinct features of the batch's nodes, constant: `[classes at level 0, layout.width]`. */
  ownFeatures(): tf.Tensor2D {
    const { batch, folding } = this;
    return tf.tensor2d(distinctFeatures(batch, folding), [folding.level(0).count, batch.layout.width]);
  }

  /** Rows of the level before, one for each class of this level. */
  refined(x: tf.Tensor2D): tf.Tensor2D {
    const { folding, depth } = this;
    if (folding.level(depth - 1) === this.classes) return x;
    return sparseProduct(refinement(folding, depth), x);
  }

  /** Holds activations to the bounds of a site. */
  bounded(site: Site, x: tf.Tensor2D): tf.Tensor2D {
    return within(x, this.options.limits[site]);
  }

  /** Shows activations to whoever looks on. */
  seen(site: Site, activations: tf.Tensor2D): tf.Tensor2D {
    this.options.record?.(site, activations);
    return activations;
  }

  /** Whether anybody looks at or bounds what is at a site. */
  watches(site: Site): boolean {
    return this.options.limits[site] !== undefined || this.options.record !== undefined;
  }

  private tracked(output: TrainingOutput, norm: NormVariables): tf.Tensor2D {
    return tracked(output, norm, this.classes.classOf.length);
  }
}

export interface LinearOptions {
  /** The layer takes A x in place of x. */
  readonly propagation?: SparseMatrix;
  /** Whether x receives a gradient. Default true. */
  readonly inputGradient?: boolean;
}

/**
 * Takes the statistics of the batch into the running ones, as PyTorch does.
 *
 * @param rows how many nodes or graphs the statistics are of
 */
export function tracked({ output, batch }: TrainingOutput, { running }: NormVariables, rows: number): tf.Tensor2D {
  updateRunning(running, batch, rows / (rows - 1));
  return output;
}

/** @param unbiased what makes the batch's variance an estimate without bias */
function updateRunning({ mean, variance }: Statistics, batch: Statistics, unbiased: number): void {
  for (let j = 0; j < mean.length; j++) {
    mean[j] += runningMomentum * (batch.mean[j] - mean[j]);
    variance[j] += runningMomentum * (unbiased * batch.variance[j] - variance[j]);
  }
}

/** BatchNorm(x + b) with the running statistics. */
function frozenNorm(x: tf.Tensor2D, bias: tf.Tensor1D, { gamma, beta, running }: NormVariables): tf.Tensor2D {
  const deviation = running.variance.map((variance) => Math.sqrt(variance + batchNormEpsilon));
  const factor = tf.div(gamma, tf.tensor1d(deviation));
  const offset = tf.add(tf.mul(tf.sub(bias, tf.tensor1d(running.mean)), factor), beta);
  return tf.add(tf.mul(x, factor), offset);
}

function within(x: tf.Tensor2D, upper?: Float32Array): tf.Tensor2D {
  return upper === undefined ? x : tf.minimum(x, tf.tensor1d(upper));
}
