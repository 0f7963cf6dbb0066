import type { Tensor } from '../checkpoint/checkpoint';
import { GraphModel } from '../gnn/graphModel';

/**
 * Keeps a model as plain values, for triggers that need one and have nobody to dispose it.
 *
 * @returns makes the model again; the caller disposes it
 */
export function keepModel(model: GraphModel): () => GraphModel {
  const { architecture, names } = model;
  const tensors = new Map<string, Tensor>(
    model
      .stateDict()
      .map(({ values, ...tensor }) => [tensor.name, { ...tensor, values: () => Float64Array.from(values) }]),
  );
  return () => GraphModel.fromCheckpoint(tensors, { architecture, names });
}
