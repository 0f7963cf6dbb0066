import { checkModelFile } from '../checks/modelFile';
import { safetensorsMutator } from '../mutators/header';
import { jsonMutator } from '../mutators/json';
import { samples } from '../samples/files';
import type { FuzzTarget } from '../target';

const words = [
  ...[
    'dtype',
    'shape',
    'data_offsets',
    '__metadata__',
    'F32',
    'F64',
    'F16',
    'BF16',
    'I64',
    'I32',
    'I16',
    'I8',
    'U8',
    'BOOL',
  ],
  ...['F8_E4M3', 'U64', 'weight', 'format'],
];

export const target: FuzzTarget = {
  title: 'safetensors',
  code: /^server\/src\/checkpoint\/safetensors\/(header|safetensors)/,
  seeds: () => [...samples('formats/pytorch', /\.safetensors$/), ...samples('dialects', /\.safetensors$/)],
  mutate: safetensorsMutator(jsonMutator(words)),
  run: (input) => checkModelFile(input),
};
