/** Mutations of a model file of any format, by what it is. */

import { containerKind } from '../../../server/src/checkpoint/containerKind';
import { looksLikeNpy } from '../../../server/src/checkpoint/numpy/header';
import { bytesMutator } from './bytes';
import { npyMutator, safetensorsMutator } from './header';
import { jsonMutator } from './json';
import type { Mutator } from './mutator';
import { pickleMutator } from './pickle';
import { tarMutator } from './tar';
import { zipMutator } from './zip';

/** Words of all formats, with what scanners look for among them. */
const words = [
  ...[
    'cos\nsystem\n',
    '\x80\x04',
    'PK\x03\x04',
    '\x89HDF\r\n\x1a\n',
    '\x93NUMPY',
    '{"class_name":',
    '"Lambda"',
    'ustar',
  ],
  ...[
    '\x1f\x8b\x08',
    'BZh9',
    '7z\xbc\xaf\x27\x1c',
    '\xfd7zXZ',
    '\x28\xb5\x2f\xfd',
    '\x78\x9c',
    'gASV',
    'torch.ops.load_library',
  ],
];
const plain = bytesMutator(words);
const header = jsonMutator(['dtype', 'shape', 'data_offsets', '__metadata__', 'F32']);

export const entryMutator: Mutator = (input, context) =>
  (looksLikeNpy(input) ? npyMutator : input[0] === 0x80 ? pickleMutator : input[0] === 0x7b ? header : plain)(
    input,
    context,
  );

const zip = zipMutator(() => entryMutator);
const tar = tarMutator(entryMutator);
const safetensors = safetensorsMutator(header);

export const fileMutator: Mutator = (input, context) => {
  if (context.rng.integer(8) === 0) return plain(input, context);
  switch (containerKind(input)) {
    case 'zip':
    case 'prefixed-zip':
      return zip(input, context);
    case 'tar':
      return tar(input, context);
    case 'safetensors':
      return safetensors(input, context);
    case 'legacy-pytorch':
      return pickleMutator(input, context);
    default:
      return entryMutator(input, context);
  }
};
