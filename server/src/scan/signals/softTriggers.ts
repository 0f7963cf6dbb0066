import * as tf from '@tensorflow/tfjs-core';
import { cliqueEdges, type MotifEdges } from '../../attack/motifs';
import type { Trigger } from '../../attack/trigger';
import type { GeneratedTriggers } from '../../attack/triggerGenerator';
import type { Rng } from '../../graph/rng';
import { valuesOf } from '../../tensor/valuesOf';

/** What a trigger changes; the rest stays as the host has it. */
export const triggerFamilies = ['structure', 'features', 'both'] as const;
export type TriggerFamily = (typeof triggerFamilies)[number];

export interface SoftTriggerShape {
  readonly family: TriggerFamily;
  /** Trigger nodes k. */
  readonly nodes: number;
  /** Label columns L of the features; without any, only the structure can be changed. */
  readonly labelColumns: number;
  /** Triggers S that are fitted beside each other, each from its own start. */
  readonly starts: number;
}

/** Logits at the start have this deviation: edges and labels are undecided, and starts differ. */
const startDeviation = 0.5;

/**
 * Triggers whose edges and labels are probabilities, so that gradients flow to their logits. Call `dispose` when done.
 *
 * Edges are the sigmoid of a logit a pair of nodes, labels the softmax of logits a node, both over a temperature: the
 * lower it is, the closer they are to the zeros and ones that they are rounded to.
 */
export class SoftTriggers {
  private constructor(
    readonly shape: SoftTriggerShape,
    /** `[S, k * k]`, of which the symmetric part counts; absent where edges are kept. */
    private readonly edgeLogits: tf.Variable<tf.Rank.R2> | undefined,
    /** `[S, k * L]`; absent where labels are kept. */
    private readonly labelLogits: tf.Variable<tf.Rank.R2> | undefined,
  ) {}

  /** @throws RangeError where labels are to be set that the features do not have */
  static random(shape: SoftTriggerShape, rng: Rng): SoftTriggers {
    const { family, nodes, labelColumns, starts } = shape;
    if (family !== 'structure' && labelColumns === 0) throw new RangeError('the features hold no labels to set');
    const logits = (columns: number): tf.Variable<tf.Rank.R2> =>
      tf.tidy(() => {
        const values = Float32Array.from({ length: starts * columns }, () => startDeviation * rng.normal());
        return tf.variable(tf.tensor2d(values, [starts, columns]));
      });
    return new SoftTriggers(
      shape,
      family === 'features' ? undefined : logits(nodes * nodes),
      family === 'structure' ? undefined : logits(nodes * labelColumns),
    );
  }

  /** Trainable. */
  get variables(): tf.Variable[] {
    return [this.edgeLogits, this.labelLogits].filter((variable) => variable !== undefined);
  }

  /**
   * Probabilities of edges and labels, each trigger laid over as many hosts: those of the first trigger, of the second,
   * and so on. To be called within `tf.tidy`.
   */
  laidOver(hostsEach: number, temperature: number): GeneratedTriggers {
    const { nodes, labelColumns, starts } = this.shape;
    const hosts = starts * hostsEach;
    const over = (values: tf.Tensor2D): tf.Tensor => tf.matMul(eachTimes(starts, hostsEach), values);
    const adjacency: tf.Tensor3D =
      this.edgeLogits === undefined
        ? tf.zeros([hosts, nodes, nodes])
        : tf.reshape(over(tf.reshape(this.edges(temperature), [starts, nodes * nodes])), [hosts, nodes, nodes]);
    if (this.labelLogits === undefined) return { adjacency };
    const labels = tf.softmax(tf.div(tf.reshape(this.labelLogits, [starts * nodes, labelColumns]), temperature));
    const rows = over(tf.reshape(labels, [starts, nodes * labelColumns]));
    return { adjacency, labels: tf.reshape(rows, [hosts * nodes, labelColumns]) };
  }

  /** Expected number of edges, the mean over the triggers. */
  expectedEdges(temperature: number): tf.Scalar {
    if (this.edgeLogits === undefined) return tf.scalar(0);
    return tf.div(tf.sum(this.edges(temperature)), 2 * this.shape.starts);
  }

  /** The triggers with edges and labels decided, on random nodes and in place of the edges among them; `[S]`. */
  rounded(): Trigger[] {
    const { nodes, labelColumns, starts } = this.shape;
    return Array.from({ length: starts }, (_, s) => ({
      nodes,
      edges: this.edgeLogits === undefined ? null : decidedEdges(rowOf(this.edgeLogits, s), nodes),
      labels: this.labelLogits === undefined ? null : decidedLabels(rowOf(this.labelLogits, s), labelColumns),
      placement: 'random',
      replace: true,
    }));
  }

  dispose(): void {
    for (const variable of this.variables) variable.dispose();
  }

  /** Probabilities, symmetric and without loops, `[S, k, k]`. */
  private edges(temperature: number): tf.Tensor3D {
    const { nodes, starts } = this.shape;
    const logits: tf.Tensor3D = tf.reshape(this.edgeLogits!, [starts, nodes, nodes]);
    const symmetric = tf.div(tf.add(logits, tf.transpose(logits, [0, 2, 1])), 2 * temperature);
    return tf.mul(tf.sigmoid(symmetric), tf.sub(1, tf.eye(nodes)));
  }
}

/** The matrix that repeats each of some rows, `[rows * times, rows]`. */
function eachTimes(rows: number, times: number): tf.Tensor2D {
  const values = new Float32Array(rows * times * rows);
  for (let i = 0; i < rows * times; i++) values[i * rows + Math.floor(i / times)] = 1;
  return tf.tensor2d(values, [rows * times, rows]);
}

function rowOf(variable: tf.Variable<tf.Rank.R2>, row: number): Float32Array {
  const columns = variable.shape[1];
  return valuesOf(variable).slice(row * columns, (row + 1) * columns);
}

function decidedEdges(logits: Float32Array, nodes: number): MotifEdges {
  return cliqueEdges(nodes).filter(([i, j]) => logits[i * nodes + j] + logits[j * nodes + i] > 0);
}

function decidedLabels(logits: Float32Array, columns: number): number[] {
  return Array.from({ length: logits.length / columns }, (_, node) => {
    const own = logits.subarray(node * columns, (node + 1) * columns);
    return own.indexOf(Math.max(...own));
  });
}
