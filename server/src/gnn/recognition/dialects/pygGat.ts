import { named, type Dialect } from '../dialect';
import { gatForm } from '../forms/attention';

export const pygGat: Dialect = {
  id: 'pyg-gat',
  title: 'GATConv of PyTorch Geometric',
  example: 'convs.0.att_src',
  matches: named(/\.att_src$/),
  form: gatForm,
  assumes: ['Self-loops and a LeakyReLU with slope 0.2 are assumed: they leave no tensors.'],
};
