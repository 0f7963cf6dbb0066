import * as tf from '@tensorflow/tfjs-core';
import { sparseProduct } from '../../tensor/sparseProduct';
import type { SparseMatrix } from '../../tensor/sparseMatrix';
import { runSteps, type StepsRun, type StepValue } from './steps';

/** The variables of a virtual node. */
export interface VirtualNodeParts {
  /** `[1, width]` */
  readonly embedding: tf.Variable<tf.Rank.R2>;
  /** One entry for each layer but the last. */
  readonly updates: readonly (readonly StepValue[])[];
}

/** The virtual nodes of a batch, one a graph, while its layers run; within a tidy. */
export class VirtualNodes {
  /** `[graphs, width]` */
  private rows: tf.Tensor2D;

  /**
   * @param membership which nodes each graph has, `[graphs, nodes]`
   * @param residual whether the new row comes on top of the old one
   * @param stepsOf how steps on rows of graphs run
   */
  constructor(
    private readonly parts: VirtualNodeParts,
    private readonly membership: SparseMatrix,
    private readonly residual: boolean,
    private readonly stepsOf: (x: tf.Tensor2D) => StepsRun,
  ) {
    const { embedding } = parts;
    this.rows = tf.add(tf.zeros([membership.shape[0], embedding.shape[1]]), embedding);
  }

  /** What a layer takes: rows of nodes with that of their graph's virtual node. @param nodes `[nodes, width]` */
  addedTo(nodes: tf.Tensor2D): tf.Tensor2D {
    return tf.add(nodes, sparseProduct(this.membership.transposed, this.rows));
  }

  /** Makes the rows anew behind a layer. @param taken what the layer took, `[nodes, width]` */
  update(layer: number, taken: tf.Tensor2D): void {
    if (layer >= this.parts.updates.length) return;
    const x = tf.add<tf.Tensor2D>(sparseProduct(this.membership, taken), this.rows);
    const made = runSteps({ x }, this.parts.updates[layer], this.stepsOf(x));
    this.rows = this.residual ? tf.add(this.rows, made) : made;
  }
}
