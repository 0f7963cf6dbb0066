import { named, type Dialect } from '../dialect';
import { ginForm } from '../forms/gin';

export const pygGin: Dialect = {
  id: 'pyg-gin',
  title: 'GINConv of PyTorch Geometric',
  example: 'convs.0.nn.0.weight',
  matches: named(/\.nn\./),
  form: ginForm,
};
