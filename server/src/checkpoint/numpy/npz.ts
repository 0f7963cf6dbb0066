import { CheckpointError } from '../checkpoint';
import type { CheckpointFormat } from '../checkpointFormat';
import { noExtras } from '../checkpointFormat';
import { placedTensor, rewriteInPlace } from '../placed';
import { requireKnownNames } from '../replacedBytes';
import type { ViewedTensor } from '../stridedView';
import { readZip } from '../zip/readZip';
import { replaceEntries } from '../zip/replaceEntries';
import type { NpyArray } from './header';
import { NpyFault, readNpyHeader } from './header';

const extension = '.npy';

/** A zip archive of npy files, as `numpy.savez` and `numpy.savez_compressed` write it. */
export const npz: CheckpointFormat = {
  id: 'npz',

  matches: ({ zipNames }) => zipNames.length > 0 && zipNames.every((name) => name.endsWith(extension)),

  open(source, { file, isChecked, largeTensors }) {
    const zip = readZip(source, file, isChecked);
    const tensors = new Map<string, ViewedTensor>();
    const unread = new Map<string, string>();
    for (const { name: entryName, content, fault } of zip.entries) {
      const name = arrayName(entryName);
      if (tensors.has(name) || unread.has(name)) {
        tensors.delete(name);
        unread.set(name, 'there are two arrays of this name, and which one is loaded depends on the loader');
        continue;
      }
      const view = fault ?? arrayOf(() => readNpyHeader(content, largeTensors));
      if (typeof view === 'string') unread.set(name, view);
      else tensors.set(name, placedTensor(name, view, content));
    }
    if (tensors.size + unread.size === 0) throw new CheckpointError(file, 'it holds no tensors');
    const { anomalies } = zip;
    return { format: 'npz', tensors, unread, wrapper: '', globals: [], anomalies, metadata: {}, extras: noExtras };
  },

  /** Entries that were deflated are deflated again; all others keep their bytes. */
  rewrite(bytes, replacements, options) {
    const { file } = options;
    requireKnownNames(replacements, npz.open(bytes, options).tensors, file);
    const contents = new Map<string, Uint8Array>();
    for (const { name: entryName, data } of readZip(bytes, file).entries) {
      const name = arrayName(entryName);
      const values = replacements.get(name);
      if (values === undefined) continue;
      const view = arrayOf(() => readNpyHeader(data));
      if (typeof view === 'string') throw new CheckpointError(file, view, undefined, entryName);
      contents.set(entryName, rewriteInPlace(data, new Map([[name, view]]), new Map([[name, values]]), file));
    }
    return { bytes: replaceEntries(bytes, contents, file), beside: new Map() };
  },
};

function arrayName(entryName: string): string {
  return entryName.slice(0, -extension.length);
}

/** The elements of an array, or why they are not read. */
function arrayOf(read: () => NpyArray): NpyArray['view'] {
  try {
    return read().view;
  } catch (error) {
    if (error instanceof NpyFault) return error.reason;
    throw error;
  }
}
