import type { ByteSource } from '../byteSource';
import { CheckpointError } from '../checkpoint';
import type { CheckpointFormat, FormatOptions } from '../checkpointFormat';
import { noExtras } from '../checkpointFormat';
import { readContents } from '../hdf5/contents';
import { rewriteHdf5 } from '../hdf5/rewriteHdf5';
import { limits } from '../limits';
import { viewedTensor } from '../stridedView';
import type { ZipArchive, ZipEntry } from '../zip/archive';
import { readZip } from '../zip/readZip';
import { replaceEntries } from '../zip/replaceEntries';
import type { KerasWeights } from './weights';
import { kerasWeights } from './weights';

const configName = 'config.json';
const metadataName = 'metadata.json';
const weightsName = 'model.weights.h5';

/** The format of Keras 3 (keras/src/saving/saving_lib.py): a zip archive of a configuration and an HDF5 file of weights. */
export const keras: CheckpointFormat = {
  id: 'keras',

  matches: ({ zipNames }) => zipNames.includes(configName) && zipNames.includes(weightsName),

  open(source, options) {
    const zip = readZip(source, options.file, options.isChecked);
    const { datasets, unread } = weightsIn(theEntry(zip, options.file).content, options);
    return {
      format: 'keras',
      tensors: new Map([...datasets].map(([name, { view, storage }]) => [name, viewedTensor(name, view, storage)])),
      unread,
      wrapper: '',
      globals: [],
      anomalies: zip.anomalies,
      metadata: { ...textOf(zip, metadataName), ...textOf(zip, configName) },
      extras: noExtras,
    };
  },

  /** The weights change, and of all other bytes those of their checksum and size. */
  rewrite(bytes, replacements, options) {
    const { data } = theEntry(readZip(bytes, options.file), options.file);
    const weights = rewriteHdf5(data, (content) => weightsIn(content, options).datasets, replacements, options.file);
    return { bytes: replaceEntries(bytes, new Map([[weightsName, weights]]), options.file), beside: new Map() };
  },
};

function weightsIn(content: ByteSource, { file, largeTensors }: FormatOptions): KerasWeights {
  return kerasWeights(readContents(content, { file, entry: weightsName, largeTensors }), file);
}

function theEntry(zip: ZipArchive, file: string): ZipEntry {
  const found = zip.entries.filter(({ name }) => name === weightsName);
  const fail = (reason: string) => new CheckpointError(file, reason, undefined, weightsName);
  if (found.length === 0) throw fail('there is no such entry');
  if (found.length > 1) throw fail('there are two entries of this name, and which one is loaded depends on the loader');
  if (found[0].fault !== undefined) throw fail(found[0].fault);
  return found[0];
}

/** The text of an entry as metadata under its name, where there is one that is not too long. */
function textOf(zip: ZipArchive, name: string): Record<string, string> {
  const content = zip.entries.find((entry) => entry.name === name)?.content;
  if (content === undefined || content.length === 0 || content.length > limits.extraText) return {};
  return { [name]: new TextDecoder().decode(content.subarray(0, content.length)) };
}
