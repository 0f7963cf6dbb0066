import type { ByteSource } from '../byteSource';
import { CheckpointError } from '../checkpoint';
import type { Extras } from '../checkpointFormat';
import { limits } from '../limits';
import type { PickledArray } from '../numpy/pickledArray';
import type { PickledArrays } from '../numpy/pickledArrays';
import type { PickledBytes } from '../numpy/pickledBytes';
import type { PickleValue } from '../pickle/values';
import { PersistentReference, PickleObject } from '../pickle/values';
import { findExtras } from './extras';
import { PickleStreams } from './pickleStreams';
import { readStorages } from './pytorchLegacy';
import { findStateDict } from './stateDict';
import type { Storage } from './storedTensors';
import { storedTensors } from './storedTensors';
import type { StorageReference } from './tensorReference';
import { UnreadTensor, asStorage } from './tensorReference';

export interface PickledTensors extends PickledArrays {
  /** Key under which the state dict was found; empty for a bare one. */
  readonly wrapper: string;
  readonly extras: Extras;
}

/**
 * The tensors of what `pickle.dump` makes of a state dict or a module of PyTorch: each has its storage beside it, in byte
 * strings that are files of `torch.save` (`TypedStorage.__reduce__` in torch/storage.py). Undefined where there are none.
 *
 * @param file names the file in errors
 */
export function findPickledTensors(root: PickleValue, bytes: PickledBytes, file: string): PickledTensors | undefined {
  const storages = new PickledStorages(bytes, file);
  const stateDict = findStateDict(root, { storageIn: (value) => storages.in(value) });
  if (typeof stateDict === 'string') return undefined;
  const { tensors, unread } = storedTensors(stateDict, ({ key }) => storages.get(key), true);
  const arrays = [...tensors].map(([name, { view, storage }]): [string, PickledArray] => [
    name,
    { view, bytes: storage.content },
  ]);
  const { wrapper } = stateDict;
  return { arrays: new Map(arrays), unread, wrapper, extras: findExtras(root, wrapper) };
}

/** Storages by where they are in the pickle; each byte string is looked into once. */
class PickledStorages {
  private readonly known = new Map<ByteSource, StorageReference | UnreadTensor>();
  private readonly storages = new Map<string, Storage>();
  private readonly budget = { left: limits.pickleOperations as number };

  constructor(
    private readonly bytes: PickledBytes,
    private readonly file: string,
  ) {}

  get(key: string): Storage | string {
    return this.storages.get(key) ?? 'its storage is not in the file';
  }

  in(value: PickleValue): StorageReference | UnreadTensor | undefined {
    if (!(value instanceof PickleObject) || value.path !== 'torch.storage._load_from_bytes') return undefined;
    const bytes = this.bytes.of(value.args[0]);
    if (typeof bytes === 'string') return new UnreadTensor(bytes);
    const known = this.known.get(bytes) ?? this.open(bytes);
    this.known.set(bytes, known);
    return known;
  }

  private open(bytes: ByteSource): StorageReference | UnreadTensor {
    try {
      const streams = new PickleStreams(bytes, this.file, undefined, this.budget);
      // The magic number, the version, facts about the machine.
      for (let i = 0; i < 3; i++) streams.next();
      const root = streams.next();
      const reference = root instanceof PersistentReference ? asStorage(root.id) : undefined;
      if (reference === undefined || reference instanceof UnreadTensor) {
        return reference ?? new UnreadTensor('what should be its storage is something else');
      }
      const found = readStorages(bytes, streams, root).get(reference.key);
      if (found === undefined) return new UnreadTensor('its storage is not in the file');
      const key = String(this.storages.size);
      this.storages.set(key, found);
      return { ...reference, key };
    } catch (error) {
      if (!(error instanceof CheckpointError)) throw error;
      return new UnreadTensor(`its storage cannot be read: ${error.reason}`);
    }
  }
}
