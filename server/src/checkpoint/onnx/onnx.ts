import type { ByteSource } from '../byteSource';
import { CheckpointError } from '../checkpoint';
import type { CheckpointFormat, FormatOptions, RewrittenModel } from '../checkpointFormat';
import { noExtras } from '../checkpointFormat';
import type { ViewedTensor } from '../stridedView';
import { viewedTensor } from '../stridedView';
import type { Elements, FoundTensor } from './elements';
import { elementsOf } from './elements';
import type { OnnxModel } from './model';
import { looksLikeOnnx, readModel } from './model';
import { rewriteOnnx } from './rewriteOnnx';
import { WireFault } from './wire';

/** https://onnx.ai: a protocol buffer; its tensors are the initializers and constants of the graph, under their names there. */
export const onnx: CheckpointFormat = {
  id: 'onnx',

  matches: ({ source }) => looksLikeOnnx(source),

  open(source, options) {
    const { model, found, unread } = openModel(source, options);
    const tensors = new Map<string, ViewedTensor>();
    for (const [name, { elements }] of found) tensors.set(name, viewedTensor(name, elements.view, elements.storage));
    return {
      format: 'onnx',
      tensors,
      unread,
      wrapper: '',
      globals: [],
      anomalies: [],
      metadata: Object.fromEntries(model.metadata),
      extras: noExtras,
    };
  },

  rewrite(bytes, replacements, options): RewrittenModel {
    const { found } = openModel(bytes, options);
    return rewriteOnnx(bytes, found, replacements, options);
  },

  filesBeside(source, file) {
    const { tensors } = parseModel(source, file);
    return [...new Set(tensors.flatMap(({ external }) => (external === undefined ? [] : [external.location])))];
  },
};

/** How often each byte of a file beside the model may be one of a tensor. */
const mostShared = 16;

function openModel(
  source: ByteSource,
  options: FormatOptions,
): { model: OnnxModel; found: Map<string, FoundTensor>; unread: Map<string, string> } {
  const model = parseModel(source, options.file);
  const found = new Map<string, FoundTensor>();
  const unread = new Map<string, string>();
  const outside = new Map<string, number>();
  // Tensors may share numbers in a file beside the model; a thousand that are all of it would be read a thousand times.
  const claimed = (elements: Elements | string): Elements | string => {
    if (typeof elements === 'string' || elements.external === undefined) return elements;
    const { location } = elements.external;
    const bytes = (outside.get(location) ?? 0) + elements.storage.length;
    outside.set(location, bytes);
    const isSound = bytes <= mostShared * options.openBeside(location).length;
    return isSound ? elements : 'it shares its numbers with more tensors than a model has reason to';
  };
  for (const tensor of model.tensors) {
    const { name } = tensor;
    const elements =
      found.delete(name) || unread.has(name)
        ? 'there are two tensors of this name, and which one is used depends on the program'
        : claimed(elementsOf(tensor, source, options));
    if (typeof elements === 'string') unread.set(name, elements);
    else found.set(name, { tensor, elements });
  }
  for (const name of model.sparse) unread.set(name, 'it is sparse');
  if (found.size + unread.size === 0) throw new CheckpointError(options.file, 'it holds no tensors');
  return { model, found, unread };
}

function parseModel(source: ByteSource, file: string): OnnxModel {
  try {
    const model = readModel(source);
    if (!model.hasGraph) throw new WireFault('it has no graph', 0);
    return model;
  } catch (error) {
    if (error instanceof WireFault) {
      throw new CheckpointError(file, `the ONNX model is damaged: ${error.reason}`, error.offset);
    }
    throw error;
  }
}
