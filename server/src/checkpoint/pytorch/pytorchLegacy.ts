import type { ByteSource } from '../byteSource';
import { section } from '../byteSource';
import { CheckpointError } from '../checkpoint';
import type { CheckpointFormat, FormatOptions } from '../checkpointFormat';
import type { PickleValue } from '../pickle/values';
import { GlobalReference, PickleList, PickleTuple } from '../pickle/values';
import { findExtras } from './extras';
import { storageElementSize } from './globals';
import { persistentIds } from './persistentIds';
import { PickleStreams } from './pickleStreams';
import type { FileStorage } from './fileStorage';
import { withReplaced } from './fileStorage';
import { findStateDict } from './stateDict';
import { storedTensors, viewedTensors } from './storedTensors';
import { keyOf } from './tensorReference';

/** The one version of the format that was ever written (`PROTOCOL_VERSION` in torch/serialization.py). */
const knownVersion = 1001;

/**
 * `torch.save` before PyTorch 1.6, and with `_use_new_zipfile_serialization=False` today: a magic number, the version,
 * facts about the machine, the object and the keys of its storages as five pickles, then each storage's element count
 * and bytes, in the order of the keys (`_legacy_save` in torch/serialization.py).
 */
export const pytorchLegacy: CheckpointFormat = {
  id: 'pytorch-legacy',

  matches: ({ kind }) => kind === 'legacy-pytorch',

  open(source, options) {
    const { stored, wrapper, root, streams } = openLegacy(source, options);
    return {
      format: 'pytorch-legacy',
      tensors: viewedTensors(stored.tensors),
      unread: stored.unread,
      wrapper,
      globals: streams.globals,
      anomalies: streams.anomalies,
      metadata: {},
      extras: findExtras(root, wrapper),
    };
  },

  /** The pickles stay byte for byte; storages keep their places. */
  rewrite(bytes, replacements, options) {
    const { stored } = openLegacy(bytes, options);
    return { bytes: withReplaced(bytes, stored, replacements, options.file), beside: new Map() };
  },
};

function openLegacy(source: ByteSource, { file, largeTensors }: FormatOptions) {
  const streams = new PickleStreams(source, file);
  streams.next(); // the magic number, by which the file was recognised
  const version = streams.next();
  if (version !== knownVersion) throw streams.fault('its version of the legacy PyTorch format is not known');
  streams.next(); // facts about the machine: storages are little-endian whatever they say
  const root = streams.next();
  const storages = readStorages(source, streams, root);
  const stateDict = findStateDict(root);
  if (typeof stateDict === 'string') throw new CheckpointError(file, stateDict);
  const stored = storedTensors(
    stateDict,
    ({ key }) => storages.get(key) ?? `its storage ${JSON.stringify(key)} is not in the file`,
    largeTensors,
  );
  return { stored, wrapper: stateDict.wrapper, root, streams };
}

/**
 * Where each storage lies. Of those behind one whose element type is unknown, nobody knows.
 *
 * @param streams of the file `source`, behind the object
 * @param root the object
 * @throws CheckpointError where the file is cut off or the keys are damaged
 */
export function readStorages(source: ByteSource, streams: PickleStreams, root: PickleValue): Map<string, FileStorage> {
  const keys = streams.next();
  if (!(keys instanceof PickleList)) throw streams.fault('the keys of its storages are no list');
  const sizes = elementSizes(root);
  const storages = new Map<string, FileStorage>();
  for (const key of keys.items) {
    const size = sizes.get(keyOf(key));
    if (size === undefined) break;
    const length = streams.count() * size;
    const start = streams.skip(length);
    storages.set(keyOf(key), { start, content: section(source, start, start + length), littleEndian: true });
  }
  return storages;
}

/** Bytes of an element by storage key, as the object's persistent ids have it. */
function elementSizes(root: PickleValue): Map<string, number> {
  const sizes = new Map<string, number>();
  for (const id of persistentIds(root)) {
    if (!(id instanceof PickleTuple)) continue;
    const [kind, type, key] = id.items;
    const size = type instanceof GlobalReference ? storageElementSize(type.name) : undefined;
    if (kind === 'storage' && size !== undefined) sizes.set(keyOf(key), size);
  }
  return sizes;
}
