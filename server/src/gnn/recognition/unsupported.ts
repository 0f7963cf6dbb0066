import { UnrecognisedArchitectureError, UnsupportedTaskError } from '../unrecognised';
import type { NamedTensors } from './namedTensors';

/** Parts of graph neural networks that are known and cannot be run, by their names. */
const unsupported: readonly (readonly [RegExp, string])[] = [
  [
    /(?:^|\.)(?:bond_encoder|bond_embedding_list|edge_encoder|edge_emb\w*|lin_edge|att_edge)(?:\.|$)/,
    "its layers take features of edges, as in OGB's models of molecules, which data sets in TU format do not have here",
  ],
  [
    /(?:^|\.)(?:atom_encoder|atom_embedding_list)\./,
    "it embeds atoms by the nine features of OGB's molecules, which data sets in TU format do not have",
  ],
  [/(?:^|\.)virtualnode_\w+\./, 'it has a virtual node that all nodes exchange messages with, which is not supported'],
  [/(?:^|\.)(?:jk|jump\w*)\.(?:lstm|att)\./, 'jumping knowledge by an LSTM is not supported'],
  [/\.weight_ih_l0$/, 'it has a recurrent layer, which is not supported'],
  [/\.(?:in_proj_weight|q_proj\.weight)$/, 'it has an attention layer of transformers, which is not supported'],
];

/** @throws UnrecognisedArchitectureError naming what is known and not supported */
export function refuseUnsupported(tensors: NamedTensors): void {
  for (const [mark, reason] of unsupported) {
    for (const [name, tensor] of tensors) {
      if (mark.test(name)) throw new UnrecognisedArchitectureError(reason, tensor.name);
    }
  }
  const relation = [...tensors].find(([name]) => /(?:^|\.)rel(?:ation)?_(?:emb|weight)\w*/.test(name));
  if (relation !== undefined) {
    throw new UnsupportedTaskError('it embeds relations, as models that predict links do', relation[1].name);
  }
}
