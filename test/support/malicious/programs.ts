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

const sequential = (layer: object): string =>
  JSON.stringify({
    module: 'keras',
    class_name: 'Sequential',
    config: { name: 's', layers: [layer] },
    registered_name: null,
  });

const keras3As = (config: Uint8Array | string): Uint8Array =>
  rawZip([
    { name: 'metadata.json', data: JSON.stringify({ keras_version: '3.8.0' }) },
    { name: 'config.json', data: config },
  ]);

const keras3 = (layer: object): Uint8Array => keras3As(sequential(layer));

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

/** A field of a protocol buffer that holds fewer than 128 bytes. */
const onnxField = (number: number, value: Uint8Array | string): Uint8Array => {
  const tag = number * 8 + 2;
  return asm.bytesOf(...(tag < 128 ? [tag] : [(tag & 127) | 128, tag >> 7]), value.length, value);
};

/** TensorProto { external_data { key, value }, data_location } */
const externalTensor = (location: string): Uint8Array =>
  asm.bytesOf(onnxField(13, asm.bytesOf(onnxField(1, 'location'), onnxField(2, location))), 14 * 8, 1);

/** ModelProto { graph { node { op_type, attribute { name, ... } } } } */
const onnxWith = (value: Uint8Array): Uint8Array => {
  const attribute = asm.bytesOf(onnxField(1, 'value'), value);
  const node = asm.bytesOf(onnxField(4, 'ConstantOfShape'), onnxField(5, attribute));
  return asm.bytesOf(8, 8, onnxField(7, onnxField(1, node)));
};

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

/** The configuration of a model with a Lambda layer. */
export const lambdaConfig = sequential(lambda3);

const hiddenLambda = (id: string, title: string, config: Uint8Array | string): MaliciousSample => {
  const finds = /keras\.layers\.Lambda .*compiled Python/;
  return { id, title, fileName: 'model.keras', bytes: keras3As(config), finds, level: 'dangerous' };
};

const hiddenScript = (id: string, title: string, code: string, name = 'model/code/__torch__.py'): MaliciousSample => ({
  ...{ id, title, fileName: 'model.pt', finds: /torch\.(ops\.\w+\.)?\w*save/, level: 'dangerous' },
  bytes: rawZip([
    { name: 'model/data.pkl', data: harmless },
    { name, data: `def forward(self, x: Tensor) -> Tensor:\n  ${code}\n  return x\n` },
    { name: 'model/model.json', data: '{"torchscriptArena":{"key":"x"}}' },
  ]),
});

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
  hiddenLambda('keras-escaped', 'keys of JSON written with escapes', lambdaConfig.replaceAll('class_', 'class\\u005f')),
  hiddenLambda('keras-utf16', 'a configuration in UTF-16', Buffer.from(lambdaConfig, 'utf16le')),
  hiddenLambda('keras-spaces', 'a configuration behind many spaces', ' '.repeat(5000) + lambdaConfig),
  hiddenLambda(
    'keras-far',
    'a configuration whose objects begin far before their names',
    lambdaConfig.replaceAll('{', `{"pad":"${'x'.repeat(5000)}",`),
  ),
  hiddenLambda(
    'keras-far-nan',
    'the same with a number that JSON does not have',
    lambdaConfig.replaceAll('{', `{"pad":"${'x'.repeat(5000)}","rate":${' '.repeat(200)}NaN,`),
  ),
  {
    id: 'keras-typespec',
    title: 'a call of builtins.exec as the description of a tensor',
    fileName: 'model.keras',
    bytes: keras3({
      ...{ class_name: '__typespec__', module: 'builtins', spec_name: 'exec', registered_name: null },
      config: ['import os; os.system("echo graphnad")'],
    }),
    finds: /builtins\.exec/,
    level: 'dangerous',
  },
  {
    id: 'keras-saved-model',
    title: 'a layer that loads and runs a program of TensorFlow',
    source: 'CVE-2026-1462',
    fileName: 'model.keras',
    bytes: keras3({ module: 'keras.layers', class_name: 'TFSMLayer', config: { filepath: '/tmp/evil' } }),
    finds: /TFSMLayer \(\/tmp\/evil\)/,
    level: 'dangerous',
  },
  {
    id: 'keras-operator',
    title: 'a layer that stands for tf.io.write_file',
    fileName: 'model.keras',
    bytes: keras3({ module: 'keras.layers', class_name: 'TFOpLambda', config: { function: 'io.write_file' } }),
    finds: /tensorflow\.io\.write_file/,
    level: 'dangerous',
  },
  {
    id: 'keras-not-on-list',
    title: 'a class of a module of Keras that is not known to build layers only',
    fileName: 'model.keras',
    bytes: keras3({ module: 'keras.models', class_name: 'function', config: 'load_model' }),
    finds: /keras\.models\.load_model/,
    level: 'unknown',
  },
  hiddenScript('torchscript-spaces', 'TorchScript with spaces between names', 'torch . save(x, "f")'),
  hiddenScript('torchscript-renamed', 'TorchScript that calls torch by another name', 't = torch\n  t.save(x, "f")'),
  hiddenScript('torchscript-value', 'TorchScript that keeps a function', 't = ops.aten.save\n  t(x, "f")'),
  hiddenScript('torchscript-autograd', 'TorchScript that goes through autograd', 'ops.pyg.autograd.save(x, "f")'),
  hiddenScript(
    'torchscript-case',
    'TorchScript under a name in capitals',
    'torch.save(x, "f")',
    'model/CODE/__torch__.PY',
  ),
  hiddenScript(
    'torchscript-arena',
    'TorchScript of before PyTorch 1.3 under any name',
    'torch.save(x, "f")',
    'model/x',
  ),
  hiddenScript('torchscript-sox', 'an operator of torchaudio', 'ops.torchaudio.sox_io_save_audio_file(x, "f")'),
  hiddenScript('torchscript-mobile', 'a program for mobile devices', 'aten::save', 'model/bytecode.pkl'),
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
    id: 'onnx-attribute',
    title: 'numbers of an attribute of an operator that lie outside of the folder',
    source: 'CVE-2022-25882',
    fileName: 'model.onnx',
    bytes: onnxWith(onnxField(5, externalTensor('../../secret'))),
    finds: /external_data \(\.\.\/\.\.\/secret\)/,
    level: 'dangerous',
  },
  {
    id: 'onnx-sparse-indices',
    title: 'places of the numbers of a sparse attribute that lie outside of the folder',
    fileName: 'model.onnx',
    bytes: onnxWith(onnxField(22, onnxField(2, externalTensor('../../secret')))),
    finds: /external_data \(\.\.\/\.\.\/secret\)/,
    level: 'dangerous',
  },
  {
    id: 'onnx-function-default',
    title: 'the default of an attribute of a function of the model that lies outside of the folder',
    fileName: 'model.onnx',
    bytes: asm.bytesOf(
      asm.bytesOf(8, 8, onnxField(7, onnxField(2, 'g'))),
      onnxField(25, onnxField(11, onnxField(5, externalTensor('../../secret')))),
    ),
    finds: /external_data \(\.\.\/\.\.\/secret\)/,
    level: 'dangerous',
  },
  {
    id: 'onnx-memory',
    title: 'numbers of an ONNX model that are an address in the memory of who loads it',
    fileName: 'model.onnx',
    bytes: onnxWith(onnxField(5, externalTensor('*/_ORT_MEM_ADDR_/*'))),
    finds: /external_data \(\*\/_ORT_MEM_ADDR_\/\*\)/,
    level: 'dangerous',
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
