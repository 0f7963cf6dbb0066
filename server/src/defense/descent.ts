import * as tf from '@tensorflow/tfjs-core';
import type { GraphModel } from '../gnn/graphModel';
import { Adam } from '../tensor/adam';

/** One summand of a training loss. */
export interface LossTerm {
  readonly name: string;
  readonly weight: number;
  readonly value: tf.Scalar;
}

export interface DescentOptions {
  readonly steps: number;
  readonly learningRate: number;
  /** The learning rate falls along a half cosine to this share of itself. */
  readonly finalLearningRate: number;
  /** Largest Euclidean norm of the gradient of a step. */
  readonly gradientNorm: number;
}

/** A loss or a weight stopped being a finite number: the model is of no use. */
export class TrainingDivergedError extends Error {
  override readonly name = 'TrainingDivergedError';

  /** @param where what was not finite */
  constructor(readonly where: string) {
    super(`The training diverged: ${where} is not a finite number. A lower learning rate may help.`);
  }
}

/** @throws TrainingDivergedError where a weight of the model is not finite */
export function requireFiniteWeights(model: GraphModel): void {
  for (const [name, values] of model.exportTensors()) {
    if (!values.every(Number.isFinite)) throw new TrainingDivergedError(name);
  }
}

/** Training of one model: Adam, a cosine schedule, clipped gradients, and the mean of every loss term since last asked. */
export class Descent {
  private readonly variables: tf.Variable[];
  private readonly adam: Adam;
  private taken = 0;
  private readonly sums = new Map<string, { sum: number; count: number }>();

  constructor(
    model: GraphModel,
    private readonly options: DescentOptions,
  ) {
    this.variables = model.trainable();
    this.adam = new Adam(this.variables);
  }

  /**
   * Takes one step down the weighted sum of the terms.
   *
   * @throws TrainingDivergedError where that sum is not finite; the weights are then as before
   */
  step(terms: () => readonly LossTerm[]): void {
    const { value, grads } = tf.variableGrads(() => {
      const summands = terms();
      for (const { name, value: scalar } of summands) this.record(name, scalar.dataSync()[0]);
      return tf.addN(summands.map(({ weight, value: scalar }) => tf.mul<tf.Scalar>(scalar, weight)));
    }, this.variables);
    const gradients = this.variables.map((variable) => grads[variable.name] ?? tf.zerosLike(variable));
    const finite = Number.isFinite(value.dataSync()[0]);
    if (finite) this.adam.step(gradients, this.learningRate(), this.options.gradientNorm);
    tf.dispose([value, ...gradients]);
    if (!finite) throw new TrainingDivergedError('the loss');
    this.taken++;
  }

  /** Means of the terms since the last call, each over the steps that had it. */
  takeMeans(): Record<string, number> {
    const means = Object.fromEntries([...this.sums].map(([name, { sum, count }]) => [name, sum / count]));
    this.sums.clear();
    return means;
  }

  /** Gives back what the optimizer remembers; no step can be taken any more. */
  dispose(): void {
    this.adam.dispose();
  }

  private record(name: string, value: number): void {
    const entry = this.sums.get(name) ?? { sum: 0, count: 0 };
    this.sums.set(name, { sum: entry.sum + value, count: entry.count + 1 });
  }

  private learningRate(): number {
    const { learningRate, finalLearningRate, steps } = this.options;
    const progress = Math.min(1, this.taken / steps);
    return learningRate * (finalLearningRate + (1 - finalLearningRate) * 0.5 * (1 + Math.cos(Math.PI * progress)));
  }
}

/** Running mean of a model's trained weights (Izmailov et al. 2018, stochastic weight averaging). */
export class WeightAverage {
  private readonly sums: Float64Array[];
  private count = 0;

  constructor(private readonly model: GraphModel) {
    this.sums = model.trainable().map((variable) => new Float64Array(variable.size));
  }

  /** Adds the weights as they are now. */
  add(): void {
    this.count++;
    this.model.trainable().forEach((variable, i) => {
      const values = variable.dataSync<'float32'>();
      for (let k = 0; k < values.length; k++) this.sums[i][k] += values[k];
    });
  }

  /** Replaces the weights by the mean of those added; does nothing where none were. */
  apply(): void {
    if (this.count === 0) return;
    this.model.trainable().forEach((variable, i) => {
      const mean = tf.tensor(
        Float32Array.from(this.sums[i], (sum) => sum / this.count),
        variable.shape,
      );
      variable.assign(mean);
      mean.dispose();
    });
  }
}
