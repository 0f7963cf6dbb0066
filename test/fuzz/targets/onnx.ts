import { checkModelFolder } from '../checks/folder';
import { bytesMutator } from '../mutators/bytes';
import { folderMutator } from '../mutators/folder';
import { protobufMutator } from '../mutators/protobuf';
import { folderSample } from '../samples/files';
import type { FuzzTarget } from '../target';

export const target: FuzzTarget = {
  title: 'ONNX models',
  code: /^server\/src\/checkpoint\/onnx\//,
  seeds: () => [
    folderSample('formats/onnx', /^external\./, 'external.onnx'),
    ...['escape', 'listed', 'missing', 'nested', 'raw'].map((name) =>
      folderSample('formats/onnx', new RegExp(`^${name}\\.`), `${name}.onnx`),
    ),
  ],
  mutate: folderMutator((_, at) => (at === 0 ? protobufMutator : bytesMutator())),
  run: checkModelFolder,
};
