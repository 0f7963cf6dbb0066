import type { ByteSource } from '../byteSource';
import { CheckpointError } from '../checkpoint';
import type { CheckpointFormat, FormatOptions } from '../checkpointFormat';
import { limits } from '../limits';
import { archivePickle, archiveTensors, openPyTorchArchive } from '../pytorch/archive';
import { rewrittenArchive } from '../pytorch/rewrittenArchive';
import { replacedStorages, viewedTensors } from '../pytorch/storedTensors';
import { constantTensors, moduleTensors } from './moduleTensors';

/**
 * `torch.jit.save`: the archive of `torch.save` with compiled code in `code/`, the module's object tree in `data.pkl` and
 * tensors that the code refers to in `constants.pkl` (torch/csrc/jit/docs/serialization.md).
 */
export const torchscript: CheckpointFormat = {
  id: 'torchscript',

  matches: ({ zipNames }) => {
    const folder = zipNames[0]?.split('/')[0] ?? '';
    return [`${folder}/constants.pkl`, `${folder}/data.pkl`].every((name) => zipNames.includes(name));
  },

  open(source, options) {
    const { archive, stored, pickles } = openModule(source, options);
    return {
      format: 'torchscript',
      tensors: viewedTensors(stored.tensors),
      unread: stored.unread,
      wrapper: '',
      globals: pickles.flatMap(({ globals }) => globals),
      anomalies: [...archive.zip.anomalies, ...pickles.flatMap(({ anomalies }) => anomalies)],
      metadata: {},
      extras: { plain: {}, others: codeFiles(archive.zip.entries, archive.folder) },
    };
  },

  /** Bytes of replaced storages change, every other entry stays as it is. */
  rewrite(bytes, replacements, options) {
    const { archive, stored } = openModule(bytes, options);
    const replaced = replacedStorages(stored, replacements, options.file);
    const byEntry = new Map([...replaced].map(([{ entry }, content]) => [entry, content]));
    return { bytes: rewrittenArchive(archive, byEntry, options.file), beside: new Map() };
  },
};

function openModule(source: ByteSource, options: FormatOptions) {
  const { file, largeTensors } = options;
  const archive = openPyTorchArchive(source, options);
  const budget = { left: limits.pickleOperations as number };
  const held = archivePickle(archive, 'data.pkl', file, budget);
  const constants = archivePickle(archive, 'constants.pkl', file, budget);
  const module = moduleTensors(held.root);
  if (module === undefined) {
    throw new CheckpointError(file, 'it holds no TorchScript module', undefined, held.entry.name);
  }
  const own = archiveTensors(archive, module, 'data', largeTensors);
  const referred = archiveTensors(archive, constantTensors(constants.root), 'constants', largeTensors);
  const stored = {
    tensors: new Map([...own.tensors, ...referred.tensors]),
    unread: new Map([...own.unread, ...referred.unread]),
  };
  if (stored.tensors.size + stored.unread.size === 0) throw new CheckpointError(file, 'it holds no tensors');
  return { archive, stored, pickles: [held, constants] };
}

/** Names of the compiled code's source files. */
function codeFiles(entries: readonly { readonly name: string }[], folder: string): string[] {
  return entries.map(({ name }) => name.slice(folder.length + 1)).filter((name) => /^code\/.*\.py$/.test(name));
}
