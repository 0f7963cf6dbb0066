import type * as tf from '@tensorflow/tfjs-core';
import type { ArchitectureSummary } from '../../../../protocol/model';
import type { GraphBatch } from '../../graph/batch';
import type { NodeClasses } from '../../graph/fold';
import type { SparseMatrix } from '../../tensor/sparseMatrix';
import { readoutMatrix } from '../messagePassing';
import type { GraphRows } from './normalise';
import type { StepsRun } from './steps';

/** How steps on rows of nodes run. @param input what residual steps add */
export function stepsRun(
  { activation = 'relu' }: ArchitectureSummary,
  batch: GraphBatch,
  classes: NodeClasses,
  training: boolean,
  input: () => tf.Tensor2D,
): StepsRun {
  return { training, activation, multiplicity: classes.multiplicity, input, graphs: () => graphRows(batch, classes) };
}

/** How steps on rows of graphs run. @param x what goes into them */
export function graphStepsRun(
  { activation = 'relu' }: ArchitectureSummary,
  { graphCount }: GraphBatch,
  training: boolean,
  x: tf.Tensor2D,
): StepsRun {
  return {
    ...{ training, activation, multiplicity: new Float32Array(graphCount).fill(1), input: () => x },
    graphs: () => {
      throw new RangeError('there are no nodes behind the readout');
    },
  };
}

/** @throws RangeError where nodes of several graphs are folded into one, which a normalisation by graph tells apart */
function graphRows(batch: GraphBatch, classes: NodeClasses): GraphRows {
  return { mean: readoutMatrix(batch, classes, 'mean'), spread: membership(batch, classes).transposed };
}

/** Which nodes each graph has, `[graphs, nodes]`. @throws RangeError as `graphRows` */
export function membership(batch: GraphBatch, classes: NodeClasses): SparseMatrix {
  if (classes.count !== batch.nodeCount) throw new RangeError('what differs by graph needs every node by itself');
  return readoutMatrix(batch, classes, 'sum');
}
