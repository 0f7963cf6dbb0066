import type { Dialect } from '../dialect';
import { gcnForm } from '../forms/gcn';
import type { NamedTensors } from '../namedTensors';

const layerWeight = /((?:^|\.)[^.]*(?:conv|gcn|gc|layer)[^.]*?(?:\.\d+)?(?:\.(?:conv|gcn))?)\.weight$/i;

/** Weights as `[inputs, outputs]`: `GraphConv` of DGL, and `GCNConv` of PyTorch Geometric before version 2. */
export const dglGraphConv: Dialect = {
  id: 'dgl-graphconv',
  title: 'GraphConv of DGL, or GCNConv of PyTorch Geometric before version 2',
  example: 'layers.0.weight, of shape [inputs, outputs]',
  matches: isTransposed,
  renames: [{ from: layerWeight, to: '$1.lin.weight', matrix: true }],
  form: gcnForm({ transposed: true }),
  usual: { selfLoops: true },
  open: [
    { part: 'selfLoops', values: [true, false] },
    { part: 'normalisation', values: ['both', 'right', 'none'] },
  ],
};

/** Biases show which way the weights are kept, unless all of them are square. */
function isTransposed(tensors: NamedTensors): boolean {
  const layers = [...tensors]
    .filter(([name, { shape }]) => shape.length === 2 && layerWeight.test(name))
    .map(([name, { shape }]) => ({ shape, bias: tensors.get(name.replace(/weight$/, 'bias'))?.shape }));
  if (layers.length === 0 || layers.some(({ bias }) => bias?.length !== 1)) return false;
  const fits = (side: 0 | 1): boolean => layers.every(({ shape, bias }) => bias?.[0] === shape[side]);
  return fits(1) && !fits(0);
}
