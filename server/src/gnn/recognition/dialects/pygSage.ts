import { named, type Dialect } from '../dialect';
import { sageForm } from '../forms/sage';

export const pygSage: Dialect = {
  id: 'pyg-sage',
  title: 'SAGEConv of PyTorch Geometric',
  example: 'convs.0.lin_l.weight',
  matches: named(/\.lin_l\.weight$/),
  // With `project`, a linear layer and ReLU come before the neighbours are put together.
  renames: [{ from: /\.lin\.(weight|bias)$/, to: '.lin_pool.$1' }],
  form: sageForm,
  open: [{ part: 'aggregator', values: ['mean', 'max', 'sum'] }],
};
