import { checkModelFile } from '../checks/modelFile';
import { npyMutator } from '../mutators/header';
import { zipMutator } from '../mutators/zip';
import { samples } from '../samples/files';
import type { FuzzTarget } from '../target';

export const target: FuzzTarget = {
  title: 'NumPy archives',
  code: /^server\/src\/checkpoint\/numpy\/(npz|header|elementType|pythonLiteral)/,
  seeds: () => samples('formats/numpy', /\.npz$/),
  mutate: zipMutator(() => npyMutator),
  run: (input) => checkModelFile(input),
};
