import { named, type Dialect } from '../dialect';
import { sageForm } from '../forms/sage';

const renames = [
  { from: /\.fc_neigh\.(weight|bias)$/, to: '.lin_l.$1' },
  { from: /\.fc_self\.(weight|bias)$/, to: '.lin_r.$1' },
  { from: /\.fc_pool\.(weight|bias)$/, to: '.lin_pool.$1' },
];

/** With aggregator `mean`. */
export const dglSage: Dialect = {
  id: 'dgl-sage',
  title: 'SAGEConv of DGL',
  example: 'layers.0.fc_neigh.weight',
  matches: named(/\.fc_neigh\.weight$/),
  renames,
  form: sageForm,
};

/** With aggregator `pool`. */
export const dglSagePool: Dialect = {
  ...dglSage,
  id: 'dgl-sage-pool',
  title: 'SAGEConv of DGL with aggregator pool',
  example: 'layers.0.fc_pool.weight',
  matches: named(/\.fc_pool\.weight$/),
  usual: { aggregator: 'max' },
};
