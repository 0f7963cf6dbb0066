import { checkModelFile } from '../checks/modelFile';
import { entryMutator } from '../mutators/anyFile';
import { zipMutator } from '../mutators/zip';
import { samples } from '../samples/files';
import type { FuzzTarget } from '../target';

export const target: FuzzTarget = {
  title: 'PyTorch archives',
  code: /^server\/src\/checkpoint\/pytorch\/(?!pytorchTar|pytorchLegacy|createPyTorch)/,
  seeds: () => samples('pytorch', /\.pt$/),
  mutate: zipMutator(() => entryMutator),
  run: (input) => checkModelFile(input),
};
