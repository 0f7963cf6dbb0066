import type * as tf from '@tensorflow/tfjs-core';
import { hostLoop } from './hostMemory';

export interface AdamOptions {
  /** Decay of the running mean of gradients. Default 0.9. */
  readonly beta1?: number;
  /** Decay of the running mean of squared gradients. Default 0.999. */
  readonly beta2?: number;
  /** Default 1e-8, added to the root as in PyTorch. */
  readonly epsilon?: number;
}

/**
 * Adam (Kingma & Ba 2015), step for step as in PyTorch, with a learning rate given at every step (for schedules) and
 * clipping by the norm of all gradients together.
 *
 * The optimizer of tfjs takes a dozen tensor operations a variable and holds its learning rate fixed.
 */
export class Adam {
  private readonly means: Float32Array[];
  private readonly squares: Float32Array[];
  private readonly beta1: number;
  private readonly beta2: number;
  private readonly epsilon: number;
  private steps = 0;

  constructor(
    private readonly variables: readonly tf.Variable[],
    options: AdamOptions = {},
  ) {
    this.beta1 = options.beta1 ?? 0.9;
    this.beta2 = options.beta2 ?? 0.999;
    this.epsilon = options.epsilon ?? 1e-8;
    this.means = variables.map((variable) => new Float32Array(variable.size));
    this.squares = variables.map((variable) => new Float32Array(variable.size));
  }

  /**
   * Moves the variables once; disposes nothing it was given.
   *
   * @param gradients one a variable, in their order
   * @param maxNorm gradients are scaled down to this Euclidean norm; default: no clipping
   */
  step(gradients: readonly tf.Tensor[], learningRate: number, maxNorm = Infinity): void {
    const { beta1, beta2, epsilon } = this;
    this.steps++;
    const scale = Number.isFinite(maxNorm) ? Math.min(1, maxNorm / (globalNorm(gradients) + 1e-6)) : 1;
    const stepSize = learningRate / (1 - beta1 ** this.steps);
    const rootCorrection = Math.sqrt(1 - beta2 ** this.steps);
    this.variables.forEach((variable, i) => {
      const mean = this.means[i];
      const square = this.squares[i];
      const [moved] = hostLoop([variable, gradients[i]], [variable.shape], ([w, gradient], [result]) => {
        for (let k = 0; k < mean.length; k++) {
          const g = gradient[k] * scale;
          mean[k] = beta1 * mean[k] + (1 - beta1) * g;
          square[k] = beta2 * square[k] + (1 - beta2) * g * g;
          result[k] = w[k] - (stepSize * mean[k]) / (Math.sqrt(square[k]) / rootCorrection + epsilon);
        }
      });
      variable.assign(moved);
      moved.dispose();
    });
  }
}

function globalNorm(gradients: readonly tf.Tensor[]): number {
  let squares = 0;
  hostLoop(gradients, [], (arrays) => {
    for (const array of arrays) for (let k = 0; k < array.length; k++) squares += array[k] * array[k];
  });
  return Math.sqrt(squares);
}
