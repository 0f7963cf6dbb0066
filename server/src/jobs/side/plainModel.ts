import type { Tensor } from '../../checkpoint/checkpoint';
import { GraphModel } from '../../gnn/graphModel';
import type { StateDictEntry } from '../../gnn/stateDict';

/** A model as data that can be copied to another thread. */
export interface PlainModel extends Pick<GraphModel, 'architecture' | 'names'> {
  readonly tensors: readonly StateDictEntry[];
}

/** A model as it is now: as clean labels settled it, where the file alone did not say how it is computed. */
export function plainModel(model: GraphModel): PlainModel {
  return { architecture: model.architecture, names: model.names, tensors: model.stateDict() };
}

/** The same model, weight for weight; the caller disposes it. */
export function modelOfPlain({ tensors, ...parts }: PlainModel): GraphModel {
  const named = tensors.map((entry): [string, Tensor] => [
    entry.name,
    { ...entry, values: () => Float64Array.from(entry.values) },
  ]);
  return GraphModel.fromCheckpoint(new Map(named), parts);
}
