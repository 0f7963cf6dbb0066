import type { CheckpointFormat } from '../checkpointFormat';
import { noExtras } from '../checkpointFormat';
import type { Hdf5Contents } from '../hdf5/contents';
import { readContents } from '../hdf5/contents';
import { rewriteHdf5 } from '../hdf5/rewriteHdf5';
import { looksLikeHdf5 } from '../hdf5/superblock';
import { viewedTensor } from '../stridedView';
import { kerasWeights } from './weights';

/** Attributes of the file that say what model the weights are of. */
const described = ['keras_version', 'backend', 'model_config', 'training_config'] as const;

/** HDF5 files: whole models and weights of Keras 2 and 3, and any others with numbers in them. */
export const kerasHdf5: CheckpointFormat = {
  id: 'keras-hdf5',

  matches: ({ head }) => looksLikeHdf5(head),

  open(source, options) {
    const contents = readContents(source, options);
    const { datasets, unread } = kerasWeights(contents, options.file);
    return {
      format: 'keras-hdf5',
      tensors: new Map([...datasets].map(([name, { view, storage }]) => [name, viewedTensor(name, view, storage)])),
      unread,
      wrapper: '',
      globals: [],
      anomalies: [],
      metadata: metadataOf(contents),
      extras: noExtras,
    };
  },

  rewrite(bytes, replacements, options) {
    const read = (content: Uint8Array) => kerasWeights(readContents(content, options), options.file).datasets;
    return { bytes: rewriteHdf5(bytes, read, replacements, options.file), beside: new Map() };
  },
};

function metadataOf(contents: Hdf5Contents): Record<string, string> {
  const attributes = contents.attributes('');
  return Object.fromEntries(
    described.flatMap((name) => {
      const texts = attributes.get(name);
      return texts?.length === 1 ? [[name, texts[0]]] : [];
    }),
  );
}
