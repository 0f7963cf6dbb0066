/** Code of models that is no pickle: Keras configurations, TorchScript, ONNX. */

import { readFileSync } from 'node:fs';
import path from 'node:path';
import * as asm from '../../unit/checkpoint/pickleAssembler';
import { rawZip } from '../../unit/checkpoint/zipAssembler';
import type { MaliciousSample } from './sample';
import { harmless } from './sample';

const fixtures = path.resolve(__dirname, '../../fixtures/formats');

/** Base64 of the head of a code object, with names a compiler would put there. */
const bytecode = Buffer.concat([
  Buffer.from('e3000000000000000000000000', 'hex'),
  Buffer.from('os system echo graphnad'),
  Buffer.alloc(16),
]).toString('base64');

const keras3 = (layer: object): Uint8Array => {
  const config = {
    module: 'keras',
    class_name: 'Sequential',
    config: { name: 's', layers: [layer] },
    registered_name: null,
  };
  return rawZip([
    { name: 'metadata.json', data: JSON.stringify({ keras_version: '3.8.0' }) },
    { name: 'config.json', data: JSON.stringify(config) },
  ]);
};

/** A file that begins as HDF5 does, with the attribute where h5py puts it: as text between binary data. */
const keras2 = (layer: object): Uint8Array => {
  const config = JSON.stringify({ class_name: 'Sequential', config: { layers: [layer] } });
  return asm.bytesOf(
    Buffer.from('894844460d0a1a0a', 'hex'),
    Buffer.alloc(80),
    'model_config',
    0,
    config,
    Buffer.alloc(40),
  );
};

const script = (code: string): Uint8Array =>
  rawZip([
    { name: 'model/data.pkl', data: harmless },
    { name: 'model/code/__torch__/model.py', data: code },
  ]);

const lambda3 = {
  module: 'keras.layers',
  class_name: 'Lambda',
  config: {
    name: 'l',
    function: { class_name: '__lambda__', config: { code: bytecode, defaults: null, closure: null } },
  },
};
const lambda2 = {
  class_name: 'Lambda',
  config: { name: 'l', function: [bytecode, null, null], function_type: 'lambda' },
};

export const programSamples: readonly MaliciousSample[] = [
  {
    id: 'keras-lambda',
    title: 'a Lambda layer in a .keras file',
    source: 'CVE-2024-3660',
    fileName: 'model.keras',
    bytes: keras3(lambda3),
    finds: /keras\.layers\.Lambda .*compiled Python.*system/,
    level: 'dangerous',
  },
  {
    id: 'keras-lambda-keras',
    title: 'a Lambda layer in a file that Keras 3 wrote',
    fileName: 'model.keras',
    bytes: readFileSync(path.join(fixtures, 'keras/model.keras')),
    finds: /keras\.layers\.Lambda .*compiled Python/,
    level: 'dangerous',
  },
  {
    id: 'keras-lambda-h5',
    title: 'a Lambda layer in an HDF5 file',
    source: 'CVE-2025-9905',
    fileName: 'model.h5',
    bytes: keras2(lambda2),
    finds: /keras\.layers\.Lambda .*compiled Python/,
    level: 'dangerous',
  },
  {
    id: 'keras-lambda-h5py',
    title: 'a Lambda layer in an HDF5 file that h5py wrote',
    source: 'CVE-2025-9905',
    fileName: 'model.h5',
    bytes: readFileSync(path.resolve(fixtures, '../malicious/lambda.h5')),
    finds: /keras\.layers\.Lambda .*compiled Python.*system/,
    level: 'dangerous',
  },
  {
    id: 'keras-lambda-nan',
    title: 'a Lambda layer beside a number that JSON does not have',
    fileName: 'model.h5',
    bytes: asm.bytesOf(
      Buffer.from('894844460d0a1a0a', 'hex'),
      Buffer.alloc(80),
      JSON.stringify({ class_name: 'Sequential', config: { layers: [lambda2], rate: 'X' } }).replace('"X"', 'NaN'),
      0,
    ),
    finds: /keras\.layers\.Lambda/,
    level: 'dangerous',
  },
  {
    id: 'keras-lambda-unclosed',
    title: 'a Lambda layer behind a brace that is never closed',
    fileName: 'model.h5',
    bytes: asm.bytesOf(
      Buffer.from('894844460d0a1a0a', 'hex'),
      Buffer.alloc(80),
      '{{{"a": ',
      JSON.stringify(lambda2),
      0,
    ),
    finds: /keras\.layers\.Lambda/,
    level: 'dangerous',
  },
  {
    id: 'tfjs-lambda',
    title: 'a Lambda layer in the model.json of TensorFlow.js',
    fileName: 'model.json',
    bytes: Buffer.from(JSON.stringify({ modelTopology: { class_name: 'Sequential', config: { layers: [lambda2] } } })),
    finds: /keras\.layers\.Lambda/,
    level: 'dangerous',
  },
  {
    id: 'keras-any-module',
    title: 'a function of any module by its name',
    source: 'CVE-2025-1550',
    fileName: 'model.keras',
    bytes: keras3({
      module: 'builtins',
      class_name: 'function',
      config: { name: 'l', fn: { module: 'os', class_name: 'function', config: 'system' } },
    }),
    finds: /os\.system runs programs|os\.system/,
    level: 'dangerous',
  },
  {
    id: 'keras-get-file',
    title: 'a download by a function of Keras',
    source: 'CVE-2025-8747',
    fileName: 'model.keras',
    bytes: keras3({ module: 'keras.utils', class_name: 'function', config: 'get_file', registered_name: 'get_file' }),
    finds: /keras\.utils\.get_file/,
    level: 'dangerous',
  },
  {
    id: 'keras-unsafe-switch',
    title: 'the switch that turns the safe mode off',
    source: 'CVE-2025-9906',
    fileName: 'model.keras',
    bytes: keras3({ module: 'keras.config', class_name: 'function', config: 'enable_unsafe_deserialization' }),
    finds: /keras\.config\.enable_unsafe_deserialization/,
    level: 'dangerous',
  },
  {
    id: 'keras-torch-module',
    title: 'a pickled PyTorch module in a configuration',
    source: 'CVE-2025-49655',
    fileName: 'model.keras',
    bytes: keras3({ module: 'keras.layers', class_name: 'TorchModuleWrapper', config: { module: 'gASV' } }),
    finds: /TorchModuleWrapper/,
    level: 'dangerous',
  },
  {
    id: 'keras-vocabulary',
    title: 'a layer that reads a file of the machine',
    source: 'CVE-2025-12058',
    fileName: 'model.keras',
    bytes: keras3({ module: 'keras.layers', class_name: 'StringLookup', config: { vocabulary: '/etc/passwd' } }),
    finds: /StringLookup \(\/etc\/passwd\)/,
    level: 'dangerous',
  },
  {
    id: 'keras-custom-object',
    title: 'a class that is registered under a name of its own',
    fileName: 'model.keras',
    bytes: keras3({ module: null, class_name: 'Evil', config: {}, registered_name: 'Custom>Evil' }),
    finds: /Custom>Evil/,
    level: 'unknown',
  },
  {
    id: 'keras-spoofed-module',
    title: 'a class of a module that only looks like one of Keras',
    source: 'modelaudit pull request 1425',
    fileName: 'model.keras',
    bytes: keras3({ module: 'keras.src.evil', class_name: 'Dense', config: {}, registered_name: 'Dense' }),
    finds: /keras\.src\.evil\.Dense/,
    level: 'unknown',
  },
  {
    id: 'hdf5-external',
    title: 'numbers that lie in another file of the machine',
    source: 'CVE-2026-1669',
    fileName: 'model.h5',
    bytes: readFileSync(path.join(fixtures, 'hdf5/unread.h5')),
    finds: /external_storage/,
    level: 'unknown',
  },
  {
    id: 'torchscript-save',
    title: 'TorchScript that writes a file',
    fileName: 'model.pt',
    bytes: script('def forward(self, x: Tensor) -> Tensor:\n  torch.save(x, "/tmp/graphnad")\n  return x\n'),
    finds: /torch\.save/,
    level: 'dangerous',
  },
  {
    id: 'torchscript-from-file',
    title: 'TorchScript that reads a file',
    fileName: 'model.pt',
    bytes: script('def forward(self, x: Tensor) -> Tensor:\n  return torch.from_file("/etc/passwd", False, 10)\n'),
    finds: /torch\.from_file/,
    level: 'dangerous',
  },
  {
    id: 'torchscript-image',
    title: 'TorchScript that writes a file by an operator of torchvision',
    fileName: 'model.pt',
    bytes: script(
      'def forward(self, x: Tensor) -> Tensor:\n  _0 = ops.image.write_file("/tmp/graphnad", x)\n  return x\n',
    ),
    finds: /torch\.ops\.image\.write_file/,
    level: 'dangerous',
  },
  {
    id: 'torchscript-custom',
    title: 'TorchScript that calls an operator of a library of its own',
    fileName: 'model.pt',
    bytes: script('def forward(self, x: Tensor) -> Tensor:\n  return ops.evil.run(x)\n'),
    finds: /torch\.ops\.evil\.run/,
    level: 'unknown',
  },
  {
    id: 'onnx-custom',
    title: 'an ONNX graph with an operator of an unknown library',
    fileName: 'model.onnx',
    bytes: readFileSync(path.join(fixtures, 'onnx/nested.onnx')),
    finds: /com\.example\.Aggregate/,
    level: 'unknown',
  },
  {
    id: 'onnx-escape',
    title: 'an ONNX model whose numbers lie outside of its folder',
    source: 'CVE-2022-25882',
    fileName: 'model.onnx',
    bytes: readFileSync(path.join(fixtures, 'onnx/escape.onnx')),
    finds: /external_data \(\.\.\/secret\.bin\)/,
    level: 'dangerous',
  },
];
