import { named, type Dialect } from '../dialect';
import { ginForm } from '../forms/gin';

/** The code of Xu et al. 2019, "How powerful are graph neural networks?". */
export const powerfulGnns: Dialect = {
  id: 'powerful-gnns',
  title: 'GIN of powerful-gnns',
  example: 'mlps.0.linears.0.weight',
  matches: named(/(?:^|\.)mlps\.\d+\.linear/),
  renames: [{ from: /(^|\.)mlps\.(\d+)\./, to: '$1convs.$2.nn.' }],
  form: ginForm,
  open: [{ part: 'aggregator', values: ['sum', 'mean', 'max'] }],
};
