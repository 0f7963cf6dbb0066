/**
 * What the code of a TorchScript archive may do. It is compiled from a small language that reaches nothing but PyTorch's
 * operators, so what counts is which of them it calls: a few read and write files, and others come from native libraries.
 */

import type { CodeMention } from './codeMention';

/** Namespaces of operators that come with PyTorch, and those of libraries that compute on graphs and images. */
const knownNamespaces: ReadonlySet<string> = new Set(
  `aten prim prims quantized _quantized quantized_decomposed mkldnn mkldnn_prepacked xnnpack prepacked sparse profiler
  cuda static_runtime inductor tensorexpr metal vulkan vulkan_prepack mtl nested onnx_ns _caffe2 torchvision pyg
  torch_scatter torch_sparse torch_cluster torch_spline_conv torchaudio fbgemm dgl`.split(/\s+/),
);

/** Names of operators that reach files, whatever their namespace. */
const reachesFiles: ReadonlySet<string> = new Set(
  'save load from_file read_file write_file decode_file load_library load_state_dict'.split(' '),
);

const operator = /\bops\.([A-Za-z_]\w{0,99})\.([A-Za-z_]\w{0,99})/g;
const torchFunction = /\btorch\.([A-Za-z_]\w{0,99})\s*\(/g;
/** Classes of native libraries: `__torch__.torch.classes.NAMESPACE.NAME`. */
const nativeClass = /__torch__\.torch\.classes\.([A-Za-z_]\w{0,99})\.([A-Za-z_]\w{0,99})/g;

/** Characters of a call that are shown. */
const shownCall = 120;

/** Operators of `code` that do more than compute, each once, with the byte of the first call. */
export function torchScriptMentions(code: string, entry: string): CodeMention[] {
  const found = new Map<string, CodeMention>();
  const add = (name: string, index: number) => {
    if (found.has(name)) return;
    const detail = code.slice(index, index + shownCall).split('\n', 1)[0];
    found.set(name, { kind: 'torchscript-operator', name, entry, offset: index, detail });
  };
  for (const { 1: namespace, 2: name, index } of code.matchAll(operator)) {
    if (!knownNamespaces.has(namespace) || reachesFiles.has(name)) add(`torch.ops.${namespace}.${name}`, index);
  }
  for (const { 1: name, index } of code.matchAll(torchFunction)) {
    if (reachesFiles.has(name)) add(`torch.${name}`, index);
  }
  for (const { 1: namespace, 2: name, index } of code.matchAll(nativeClass)) {
    if (!knownNamespaces.has(namespace)) add(`torch.classes.${namespace}.${name}`, index);
  }
  return [...found.values()];
}
