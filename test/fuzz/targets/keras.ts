import { checkModelFile } from '../checks/modelFile';
import { hdf5Mutator } from '../mutators/hdf5';
import { jsonMutator } from '../mutators/json';
import { zipMutator } from '../mutators/zip';
import { samples } from '../samples/files';
import type { FuzzTarget } from '../target';

const config = jsonMutator([
  'class_name',
  'config',
  'module',
  'registered_name',
  'layers',
  'Lambda',
  'function',
  'code',
]);

export const target: FuzzTarget = {
  title: 'Keras 3',
  code: /^server\/src\/checkpoint\/keras\/(keras\.|weights)/,
  seeds: () => samples('formats/keras', /\.keras$/),
  mutate: zipMutator((name) => (name.endsWith('.json') ? config : hdf5Mutator)),
  run: (input) => checkModelFile(input),
};
