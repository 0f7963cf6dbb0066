/** What running an ONNX model needs from outside: operators of other libraries, files of other folders. */

import type { OnnxModel } from '../onnx/model';
import type { CodeMention } from './codeMention';

/** Domains of the standard, and of what ONNX Runtime brings along. */
const knownDomains: ReadonlySet<string> = new Set(
  `ai.onnx ai.onnx.ml ai.onnx.training ai.onnx.preview ai.onnx.preview.training com.microsoft com.microsoft.nchwc
  com.microsoft.experimental com.ms.internal.nhwc org.pytorch.aten pkg.onnxscript.torch_lib
  pkg.onnxscript.torch_lib.common`.split(/\s+/),
);

/** Operators of ONNX Runtime that load what other compilers made from a file. */
const readingOperators: ReadonlySet<string> = new Set(['com.microsoft.EPContext']);

/** Whether a path leads out of the folder of the model that names it. */
function leadsOut(path: string): boolean {
  return /^[/\\]|^[A-Za-z]:|^\w+:\/\//.test(path) || path.split(/[/\\]/).includes('..');
}

/**
 * What stands for the memory of the process where a file is named: ONNX Runtime marks numbers so that it holds itself, and
 * takes their offset for an address (`kTensorProtoMemoryAddressTag`); OpenVINO does the same.
 */
const memoryMark = /^\*\/.*\/\*$/;

/** Operators of unknown domains, and external data that do not lie with the model, each once. */
export function onnxMentions({ operators, externals }: OnnxModel, entry: string): CodeMention[] {
  const custom = operators.filter(
    ({ domain, name }) => (domain !== '' && !knownDomains.has(domain)) || readingOperators.has(`${domain}.${name}`),
  );
  const mentions = custom.map(({ domain, name, offset }): CodeMention => {
    return { kind: 'onnx-operator', name: `${domain}.${name}`, entry, offset };
  });
  const places = new Map<string, number>();
  for (const { location, locationField } of externals) places.set(location, locationField.start);
  for (const [detail, offset] of places) {
    const mention = { name: 'external_data', entry, offset, detail };
    if (memoryMark.test(detail)) mentions.push({ kind: 'onnx-memory', ...mention });
    else if (leadsOut(detail)) mentions.push({ kind: 'onnx-path', ...mention });
  }
  return mentions;
}
