import { checkModelFile } from '../checks/modelFile';
import { pickleMutator } from '../mutators/pickle';
import { tarMutator } from '../mutators/tar';
import { samples } from '../samples/files';
import type { FuzzTarget } from '../target';

export const target: FuzzTarget = {
  title: 'PyTorch before 0.1.10',
  code: /^server\/src\/checkpoint\/pytorch\/pytorchTar/,
  seeds: () => samples('formats/pytorch', /^tar/),
  mutate: tarMutator(pickleMutator),
  run: (input) => checkModelFile(input),
};
