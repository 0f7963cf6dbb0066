import { named, type Dialect } from '../dialect';
import { gatv2Form } from '../forms/attention';

export const pygGatv2: Dialect = {
  id: 'pyg-gatv2',
  title: 'GATv2Conv of PyTorch Geometric',
  example: 'convs.0.att',
  matches: named(/\.att$/),
  form: gatv2Form,
  assumes: ['Self-loops and a LeakyReLU with slope 0.2 are assumed: they leave no tensors.'],
};
