import type { Tensor } from '../../checkpoint/checkpoint';
import { GraphModel } from '../../gnn/graphModel';
import type { Recognition } from '../../gnn/recognise';
import type { StateDictEntry } from '../../gnn/stateDict';

/** A model as data that can be copied to another thread. */
export interface PlainModel {
  readonly recognition: Recognition;
  readonly tensors: readonly StateDictEntry[];
}

/** @param recognition of the file that the model, or the one it was made from, was read from */
export function plainModel(model: GraphModel, recognition: Recognition): PlainModel {
  return { recognition: { ...recognition, architecture: model.architecture }, tensors: model.stateDict() };
}

/** The same model, weight for weight; the caller disposes it. */
export function modelOfPlain({ recognition, tensors }: PlainModel): GraphModel {
  const named = tensors.map((entry): [string, Tensor] => [
    entry.name,
    { ...entry, values: () => Float64Array.from(entry.values) },
  ]);
  return GraphModel.fromCheckpoint(new Map(named), recognition);
}
