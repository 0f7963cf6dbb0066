import { checkModelFolder } from '../checks/folder';
import { bytesMutator } from '../mutators/bytes';
import { folderMutator } from '../mutators/folder';
import { jsonMutator } from '../mutators/json';
import { folderSample } from '../samples/files';
import type { FuzzTarget } from '../target';

const model = jsonMutator([
  ...['modelTopology', 'weightsManifest', 'paths', 'weights', 'name', 'shape', 'dtype', 'quantization', 'scale', 'min'],
  ...['float32', 'int32', 'bool', 'string', 'uint8', 'uint16', 'float16', 'complex64', 'layers-model', 'format'],
]);

export const target: FuzzTarget = {
  title: 'TensorFlow.js models',
  code: /^server\/src\/checkpoint\/tfjs\//,
  seeds: () =>
    ['plain', 'float16', 'uint16', 'uint8'].map((name) =>
      folderSample('formats/tfjs', new RegExp(`^${name}[-.]`), `${name}.json`),
    ),
  mutate: folderMutator((_, at) => (at === 0 ? model : bytesMutator())),
  run: checkModelFolder,
};
