import { CheckpointError } from '../checkpoint';
import type { CheckpointFormat, FormatOptions } from '../checkpointFormat';
import { noExtras } from '../checkpointFormat';
import { limits } from '../limits';
import { viewedTensor } from '../stridedView';
import type { ModelJson } from './manifest';
import { looksLikeModelJson, readModelJson } from './manifest';
import { rewriteTfjs } from './rewriteTfjs';
import type { FoundWeight } from './weights';
import { weightsOf } from './weights';

/** Parts of `model.json` that are kept as text: what made the model, and what it is. */
const described = ['format', 'generatedBy', 'convertedBy', 'modelTopology'] as const;

/** Models of TensorFlow.js: `model.json`, and beside it the files of weights it names. */
export const tfjsLayers: CheckpointFormat = {
  id: 'tfjs-layers',

  matches: ({ kind, source }) => kind === 'other' && looksLikeModelJson(source),

  filesBeside: (source, file) => [...new Set(readModelJson(source, file).groups.flatMap(({ paths }) => paths))],

  open(source, options) {
    const model = readModelJson(source, options.file);
    const { found, unread } = listedWeights(model, options);
    return {
      format: 'tfjs-layers',
      tensors: new Map([...found].map(([name, { view, storage }]) => [name, viewedTensor(name, view, storage)])),
      unread,
      wrapper: '',
      globals: [],
      anomalies: [],
      metadata: metadataOf(model),
      extras: noExtras,
    };
  },

  rewrite(bytes, replacements, options) {
    const model = readModelJson(bytes, options.file);
    return rewriteTfjs(bytes, model, listedWeights(model, options).found, replacements, options);
  },
};

function listedWeights(
  { groups }: ModelJson,
  options: FormatOptions,
): { found: Map<string, FoundWeight>; unread: Map<string, string> } {
  const found = new Map<string, FoundWeight>();
  const unread = new Map<string, string>();
  for (const group of groups) {
    weightsOf(group, options).forEach((weight, i) => {
      const { name } = group.weights[i];
      if (found.delete(name) || unread.has(name)) unread.set(name, 'there are two weights of this name');
      else if (typeof weight === 'string') unread.set(name, weight);
      else found.set(name, weight);
    });
  }
  if (found.size + unread.size === 0) throw new CheckpointError(options.file, 'it holds no tensors');
  return { found, unread };
}

function metadataOf({ content }: ModelJson): Record<string, string> {
  const texts = described.flatMap((key): [string, string][] => {
    const value = content[key];
    if (value === undefined || value === null) return [];
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    return text.length <= limits.extraText ? [[key, text]] : [];
  });
  return Object.fromEntries(texts);
}
