import { named, type Dialect } from '../dialect';
import { ginForm } from '../forms/gin';

export const dglGin: Dialect = {
  id: 'dgl-gin',
  title: 'GINConv of DGL',
  example: 'ginlayers.0.apply_func.linears.0.weight',
  matches: named(/\.apply_(?:func|fn)\./),
  renames: [
    // Older examples: `apply_func.mlp.linears.0` and `apply_func.bn`.
    { from: /\.apply_(?:func|fn)\.mlp\./, to: '.nn.' },
    { from: /\.apply_(?:func|fn)\./, to: '.nn.' },
  ],
  form: ginForm,
  open: [{ part: 'aggregator', values: ['sum', 'mean', 'max'] }],
};
