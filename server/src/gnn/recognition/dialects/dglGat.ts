import { named, type Dialect, type Rename } from '../dialect';
import { gatForm, gatv2Form } from '../forms/attention';

const usual = { selfLoops: true } as const;
const open: Dialect['open'] = [{ part: 'selfLoops', values: [true, false] }];
const assumes = ['A LeakyReLU with slope 0.2 is assumed: it leaves no tensors.'];

export const dglGat: Dialect = {
  id: 'dgl-gat',
  title: 'GATConv of DGL',
  example: 'layers.0.attn_l',
  matches: named(/\.attn_l$/),
  renames: [
    { from: /\.attn_l$/, to: '.att_src' },
    { from: /\.attn_r$/, to: '.att_dst' },
    { from: /(\d|conv|gat)\.fc\.weight$/, to: '$1.lin.weight' },
  ],
  ...{ form: gatForm, usual, open, assumes },
};

const renames: readonly Rename[] = [
  { from: /\.attn$/, to: '.att' },
  { from: /\.fc_src\.(weight|bias)$/, to: '.lin_l.$1' },
  { from: /\.fc_dst\.(weight|bias)$/, to: '.lin_r.$1' },
];

export const dglGatv2: Dialect = {
  id: 'dgl-gatv2',
  title: 'GATv2Conv of DGL',
  example: 'layers.0.attn',
  matches: named(/\.attn$/),
  ...{ renames, form: gatv2Form, usual, open, assumes },
};
