import type * as tf from '@tensorflow/tfjs-core';
import { ComposedMoments } from './composedMoments';
import { engineInUse } from './engine/graphnadBackend';
import { EngineMoments } from './engineMoments';
import type { Moments } from './moments';

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
  private readonly moments: Moments;
  private readonly beta1: number;
  private readonly beta2: number;
  private readonly epsilon: number;
  private steps = 0;

  /** @param variables float32; they stay the caller's */
  constructor(variables: readonly tf.Variable[], options: AdamOptions = {}) {
    this.beta1 = options.beta1 ?? 0.9;
    this.beta2 = options.beta2 ?? 0.999;
    this.epsilon = options.epsilon ?? 1e-8;
    const engine = engineInUse();
    this.moments = engine === undefined ? new ComposedMoments(variables) : new EngineMoments(engine, variables);
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
    this.moments.apply(gradients, {
      scale: Number.isFinite(maxNorm) ? Math.min(1, maxNorm / (this.moments.norm(gradients) + 1e-6)) : 1,
      meanRate: 1 - beta1,
      squareRate: 1 - beta2,
      stepSize: learningRate / (1 - beta1 ** this.steps),
      root: Math.sqrt(1 - beta2 ** this.steps),
      epsilon,
    });
  }

  /** Gives back what the optimizer remembers; it cannot be used any more. The variables stay. */
  dispose(): void {
    this.moments.dispose();
  }
}
