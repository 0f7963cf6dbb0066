import { checkModelFile } from '../checks/modelFile';
import { pickleMutator } from '../mutators/pickle';
import { samples } from '../samples/files';
import type { FuzzTarget } from '../target';

export const target: FuzzTarget = {
  title: 'PyTorch before 1.6',
  code: /^server\/src\/checkpoint\/pytorch\/pytorchLegacy/,
  seeds: () => [...samples('formats/pytorch', /^legacy/), ...samples('pytorch', /^legacy/)],
  mutate: pickleMutator,
  run: (input) => checkModelFile(input),
};
