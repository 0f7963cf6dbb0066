import type * as tf from '@tensorflow/tfjs-core';
import { crossEntropy } from '../../server/src/defense/losses';
import { GraphModel } from '../../server/src/gnn/graphModel';
import { recogniseArchitecture } from '../../server/src/gnn/recognise';
import { collate, type GraphBatch } from '../../server/src/graph/batch';
import { unfolded, type Folding } from '../../server/src/graph/fold';
import type { Graph } from '../../server/src/graph/graph';
import type { InitialTensor } from './initialWeights';
import type { ModelShape } from './workload';

/** Collated graphs with what depends on them alone. */
export interface PreparedBatch {
  readonly batch: GraphBatch;
}

/** A model in training mode. */
export interface OurModel<Prepared extends PreparedBatch = PreparedBatch> {
  readonly variables: tf.Variable[];
  readonly prepare: (graphs: readonly Graph[]) => Prepared;
  /** `[graphs, classes]`, with BatchNorm by the statistics of the batch. */
  readonly logits: (prepared: Prepared) => tf.Tensor2D;
  /** Mean cross-entropy of classes. */
  readonly loss: (logits: tf.Tensor2D, classLabels: Int32Array) => tf.Scalar;
}

interface FoldedBatch extends PreparedBatch {
  /** Absent where the model folds by itself. */
  readonly folding?: Folding;
}

/**
 * The product's own model.
 *
 * @param fold whether nodes that must come out equal are computed once, as in the product
 */
export function ourModel(
  shape: ModelShape,
  weights: ReadonlyMap<string, InitialTensor>,
  fold: boolean,
): OurModel<FoldedBatch> {
  const tensors = new Map(
    [...weights].map(([name, tensor]) => [
      name,
      { name, dtype: 'float32' as const, shape: tensor.shape, values: () => Float64Array.from(tensor.values) },
    ]),
  );
  const model = GraphModel.fromCheckpoint(tensors, recogniseArchitecture(tensors, { readout: 'sum' }));
  const layout = { kind: 'labels', width: shape.inputs, attributeWidth: 0, labelColumns: shape.inputs } as const;
  return {
    variables: model.trainable(),
    loss: crossEntropy,
    prepare: (graphs) => {
      const batch = collate(graphs, layout);
      return fold ? { batch } : { batch, folding: unfolded(batch) };
    },
    logits: ({ batch, folding }) => model.forward(batch, { training: true, folding }).logits,
  };
}
