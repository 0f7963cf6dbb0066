import { checkModelFile } from '../checks/modelFile';
import { entryMutator } from '../mutators/anyFile';
import { zipMutator } from '../mutators/zip';
import { samples } from '../samples/files';
import type { FuzzTarget } from '../target';

export const target: FuzzTarget = {
  title: 'TorchScript archives',
  code: /^server\/src\/checkpoint\/torchscript\//,
  seeds: () => [...samples('formats/pytorch', /^(frozen|scripted|traced)/), ...samples('pytorch', /^torchscript/)],
  mutate: zipMutator(() => entryMutator),
  run: (input) => checkModelFile(input),
};
