import { UnrecognisedArchitectureError, UnsupportedTaskError } from '../unrecognised';
import type { NamedTensors } from './namedTensors';

/** Parts of graph neural networks that are known and cannot be run, by their names. */
const unsupported: readonly (readonly [RegExp, string])[] = [
  [
    /(?:^|\.)(?:edge_encoder|edge_emb\w*|lin_edge|att_edge)(?:\.|$)/,
    "its layers take features of edges in another way than OGB's examples for molecules do",
  ],
  [/(?:^|\.)pool\.gate_nn\./, 'its readout weighs nodes by a network (attention), which is not supported'],
  [/(?:^|\.)(?:jk|jump\w*)\.(?:lstm|att)\./, 'jumping knowledge by an LSTM is not supported'],
  [/\.weight_ih_l0$/, 'it has a recurrent layer, which is not supported'],
  [/\.(?:in_proj_weight|q_proj\.weight)$/, 'it has an attention layer of transformers, which is not supported'],
];

/** Parts that are known of OGB's examples for molecules, and can be run in these alone. */
const ofOgb: typeof unsupported = [
  [
    /(?:^|\.)(?:bond_encoder|bond_embedding_list)(?:\.|$)/,
    "its layers take features of edges, and are not those of OGB's examples for molecules",
  ],
  [
    /(?:^|\.)(?:atom_encoder|atom_embedding_list)\./,
    "it embeds atoms, and its layers are not those of OGB's examples for molecules",
  ],
  [
    /(?:^|\.)virtualnode_\w+\./,
    "it has a virtual node that all nodes exchange messages with, and its layers are not those of OGB's examples for molecules",
  ],
];

/**
 * @param isOfOgb whether it is written as OGB's examples for molecules
 * @throws UnrecognisedArchitectureError naming what is known and not supported
 */
export function refuseUnsupported(tensors: NamedTensors, isOfOgb: boolean): void {
  for (const [mark, reason] of isOfOgb ? unsupported : [...ofOgb, ...unsupported]) {
    for (const [name, tensor] of tensors) {
      if (mark.test(name)) throw new UnrecognisedArchitectureError(reason, tensor.name);
    }
  }
  const relation = [...tensors].find(([name]) => /(?:^|\.)rel(?:ation)?_(?:emb|weight)\w*/.test(name));
  if (relation !== undefined) {
    throw new UnsupportedTaskError('it embeds relations, as models that predict links do', relation[1].name);
  }
}
