import { named, type Dialect } from '../dialect';
import { gcnForm } from '../forms/gcn';

export const pygGcn: Dialect = {
  id: 'pyg-gcn',
  title: 'GCNConv of PyTorch Geometric',
  example: 'convs.0.lin.weight',
  matches: named(/(?:\d|conv|gcn)\.lin\.weight$/i),
  form: gcnForm(),
  assumes: ['Self-loops and symmetric normalisation are assumed: they leave no tensors.'],
};
