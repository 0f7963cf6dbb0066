import { checkModelFolder } from '../checks/folder';
import { fileMutator } from '../mutators/anyFile';
import { folderMutator } from '../mutators/folder';
import { jsonMutator } from '../mutators/json';
import { folderSample } from '../samples/files';
import type { FuzzTarget } from '../target';

const index = jsonMutator([
  ...['weight_map', 'metadata', 'total_size', 'model-00001-of-00002.safetensors', 'model.safetensors.index.json'],
  ...['../model.safetensors', 'C:model', 'pytorch_model-00001-of-00002.bin', 'con'],
]);

export const target: FuzzTarget = {
  title: 'Models in shards',
  code: /^server\/src\/checkpoint\/sharded\//,
  seeds: () => [
    folderSample('formats/pytorch', /^model[-.].*safetensors/, 'model.safetensors.index.json'),
    folderSample('formats/pytorch', /^pytorch_model/, 'pytorch_model.bin.index.json'),
  ],
  mutate: folderMutator((_, at) => (at === 0 ? index : fileMutator)),
  run: checkModelFolder,
};
