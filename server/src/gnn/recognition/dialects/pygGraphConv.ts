import { named, type Dialect } from '../dialect';
import { sageForm } from '../forms/sage';

export const pygGraphConv: Dialect = {
  id: 'pyg-graphconv',
  title: 'GraphConv of PyTorch Geometric',
  example: 'convs.0.lin_rel.weight',
  matches: named(/\.lin_rel\.weight$/),
  renames: [
    { from: /\.lin_rel\.(weight|bias)$/, to: '.lin_l.$1' },
    { from: /\.lin_root\.weight$/, to: '.lin_r.weight' },
  ],
  form: sageForm,
  usual: { aggregator: 'sum' },
  open: [{ part: 'aggregator', values: ['sum', 'mean', 'max'] }],
};
