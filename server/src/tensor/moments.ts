import type * as tf from '@tensorflow/tfjs-core';

/** What a step does to each weight w with the gradient g, which is scaled first. */
export interface AdamUpdate {
  /** g <- scale g */
  readonly scale: number;
  /** mean <- mean + meanRate (g - mean) */
  readonly meanRate: number;
  /** square <- square + squareRate (g^2 - square) */
  readonly squareRate: number;
  /** w <- w - stepSize mean / (sqrt(square) / root + epsilon) */
  readonly stepSize: number;
  readonly root: number;
  readonly epsilon: number;
}

/** Running means of the gradients of some variables and of their squares. */
export interface Moments {
  /** Euclidean norm of all gradients together. @param gradients one a variable, in their order */
  norm(gradients: readonly tf.Tensor[]): number;
  /** Takes the gradients in and moves the variables. */
  apply(gradients: readonly tf.Tensor[], update: AdamUpdate): void;
  /** Gives the memory of the means back. */
  dispose(): void;
}
