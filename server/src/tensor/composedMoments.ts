import * as tf from '@tensorflow/tfjs-core';
import type { AdamUpdate, Moments } from './moments';

/** The memory and steps of Adam, composed of standard operations. */
export class ComposedMoments implements Moments {
  private readonly means: tf.Tensor[];
  private readonly squares: tf.Tensor[];

  constructor(private readonly variables: readonly tf.Variable[]) {
    this.means = variables.map((variable) => tf.keep(tf.zerosLike(variable)));
    this.squares = variables.map((variable) => tf.keep(tf.zerosLike(variable)));
  }

  norm(gradients: readonly tf.Tensor[]): number {
    const squares = tf.tidy(() => tf.stack(gradients.map((gradient) => tf.sum(tf.square(gradient)))));
    const sum = squares.dataSync<'float32'>().reduce((total, square) => total + square, 0);
    squares.dispose();
    return Math.sqrt(sum);
  }

  apply(gradients: readonly tf.Tensor[], update: AdamUpdate): void {
    this.variables.forEach((variable, i) => {
      const [mean, square, moved] = tf.tidy((): tf.Tensor[] => {
        const gradient = tf.mul(gradients[i], update.scale);
        const mean = approach(this.means[i], gradient, update.meanRate);
        const square = approach(this.squares[i], tf.square(gradient), update.squareRate);
        const size = tf.add(tf.div(tf.sqrt(square), update.root), update.epsilon);
        return [mean, square, tf.sub(variable, tf.div(tf.mul(mean, update.stepSize), size))];
      });
      tf.dispose([this.means[i], this.squares[i]]);
      this.means[i] = tf.keep(mean);
      this.squares[i] = tf.keep(square);
      variable.assign(moved);
      moved.dispose();
    });
  }

  dispose(): void {
    tf.dispose([...this.means, ...this.squares]);
  }
}

function approach(mean: tf.Tensor, value: tf.Tensor, rate: number): tf.Tensor {
  return tf.add(mean, tf.mul(tf.sub(value, mean), rate));
}
