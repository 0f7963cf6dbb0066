import { CheckpointError } from '../checkpoint';
import type { CheckpointFormat, FormatOptions } from '../checkpointFormat';
import type { ByteSource } from '../byteSource';
import { archivePickle, archiveTensors, openPyTorchArchive } from './archive';
import { findExtras } from './extras';
import { rewrittenArchive } from './rewrittenArchive';
import { findStateDict } from './stateDict';
import { replacedStorages, viewedTensors } from './storedTensors';

/** `torch.save` since PyTorch 1.6: a zip archive with a pickle and an entry for each storage. */
export const pytorchZip: CheckpointFormat = {
  id: 'pytorch-zip',

  matches: ({ kind }) => kind === 'zip',

  open(source, options) {
    const { archive, stored, wrapper, pickle } = openState(source, options);
    return {
      format: 'pytorch-zip',
      tensors: viewedTensors(stored.tensors),
      unread: stored.unread,
      wrapper,
      globals: pickle.globals,
      anomalies: [...archive.zip.anomalies, ...pickle.anomalies],
      metadata: {},
      extras: findExtras(pickle.root, wrapper),
    };
  },

  /** Bytes of replaced storages change, every other entry stays as it is. */
  rewrite(bytes, replacements, options) {
    const { archive, stored } = openState(bytes, options);
    const replaced = replacedStorages(stored, replacements, options.file);
    const byEntry = new Map([...replaced].map(([{ entry }, content]) => [entry, content]));
    return { bytes: rewrittenArchive(archive, byEntry, options.file), beside: new Map() };
  },
};

function openState(source: ByteSource, options: FormatOptions) {
  const { file, largeTensors } = options;
  const archive = openPyTorchArchive(source, options);
  const pickle = archivePickle(archive, 'data.pkl', file);
  const stateDict = findStateDict(pickle.root);
  if (typeof stateDict === 'string') throw new CheckpointError(file, stateDict, undefined, pickle.entry.name);
  const stored = archiveTensors(archive, stateDict, 'data', largeTensors);
  return { archive, pickle, stored, wrapper: stateDict.wrapper };
}
