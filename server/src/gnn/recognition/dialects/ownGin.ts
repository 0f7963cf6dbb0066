import { named, type Dialect } from '../dialect';
import { ginForm } from '../forms/gin';

/** Layers of one's own with a network called `mlp`. */
export const ownGin: Dialect = {
  id: 'own-gin',
  title: 'layers with a network mlp',
  example: 'convs.0.mlp.0.weight',
  matches: named(/\d\.mlp\./),
  renames: [{ from: /(\d)\.mlp\./, to: '$1.nn.' }],
  form: ginForm,
  assumes: ['Layers that have a network called mlp are taken for GIN.'],
};
