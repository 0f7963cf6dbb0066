import { checkModelFile } from '../checks/modelFile';
import { npyMutator } from '../mutators/header';
import { samples } from '../samples/files';
import type { FuzzTarget } from '../target';

export const target: FuzzTarget = {
  title: 'NumPy arrays',
  code: /^server\/src\/checkpoint\/numpy\/(npy|header|elementType|pythonLiteral)/,
  seeds: () => samples('formats/numpy', /\.npy$/),
  mutate: npyMutator,
  run: (input) => checkModelFile(input),
};
