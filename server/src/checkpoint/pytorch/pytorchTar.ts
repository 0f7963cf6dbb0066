import type { ByteSource } from '../byteSource';
import { section } from '../byteSource';
import type { ContainerAnomaly, PickleGlobal } from '../checkpoint';
import { CheckpointError } from '../checkpoint';
import type { CheckpointFormat, FormatOptions } from '../checkpointFormat';
import { limits } from '../limits';
import type { PickleValue } from '../pickle/values';
import { GlobalReference, PickleList, PickleTuple } from '../pickle/values';
import type { TarMember } from '../tar';
import { readTar } from '../tar';
import { findExtras } from './extras';
import type { FileStorage } from './fileStorage';
import { withReplaced } from './fileStorage';
import { storageDType, storageElementSize } from './globals';
import { PickleStreams } from './pickleStreams';
import { findStateDict } from './stateDict';
import { storedTensors, viewedTensors } from './storedTensors';
import type { OtherForms, StorageReference, TensorReference } from './tensorReference';
import { UnreadTensor, keyOf } from './tensorReference';

/**
 * `torch.save` before PyTorch 0.1.10: a tar archive with a member for the storages, one for the tensors over them, and a
 * pickle that names tensors by number (`legacy_load` in torch/serialization.py).
 */
export const pytorchTar: CheckpointFormat = {
  id: 'pytorch-tar',

  matches: ({ kind }) => kind === 'tar',

  open(source, options) {
    const { stored, wrapper, root, globals, anomalies } = openTar(source, options);
    return {
      format: 'pytorch-tar',
      tensors: viewedTensors(stored.tensors),
      unread: stored.unread,
      wrapper,
      globals,
      anomalies,
      metadata: {},
      extras: findExtras(root, wrapper),
    };
  },

  /** The bytes of replaced storages change, everything else stays byte for byte. */
  rewrite(bytes, replacements, options) {
    const { stored } = openTar(bytes, options);
    return { bytes: withReplaced(bytes, stored, replacements, options.file), beside: new Map() };
  },
};

function openTar(source: ByteSource, { file, largeTensors }: FormatOptions) {
  const members = readTar(source, file);
  const budget = { left: limits.pickleOperations as number };
  const globals: PickleGlobal[] = [];
  const anomalies: ContainerAnomaly[] = [];
  const open = (name: string) => {
    const member = theMember(members, name, file);
    return { member, streams: new PickleStreams(member.data, file, name, budget) };
  };
  const finish = (streams: PickleStreams) => {
    globals.push(...streams.globals);
    anomalies.push(...streams.anomalies);
  };

  const storageMember = open('storages');
  const storages = readStorages(source, storageMember.member, storageMember.streams);
  finish(storageMember.streams);
  const { streams: tensorStreams } = open('tensors');
  const tensors = readTensors(tensorStreams, storages);
  finish(tensorStreams);
  const { streams } = open('pickle');
  const root = streams.next();
  finish(streams);

  const stateDict = findStateDict(root, { outside: tensors });
  if (typeof stateDict === 'string') throw new CheckpointError(file, stateDict, undefined, 'pickle');
  const stored = storedTensors(
    stateDict,
    ({ key }) => storages.get(key)?.storage ?? `its storage ${JSON.stringify(key)} is not in the file`,
    largeTensors,
  );
  return { stored, wrapper: stateDict.wrapper, root, globals, anomalies };
}

function theMember(members: readonly TarMember[], name: string, file: string): TarMember {
  const found = members.filter((member) => member.name === name);
  if (found.length === 1) return found[0];
  const reason =
    found.length === 0
      ? 'the tar archive has no such member, which a PyTorch checkpoint needs'
      : 'there are two members of this name, and which one is loaded depends on the loader';
  throw new CheckpointError(file, reason, undefined, name);
}

/** A storage, or a view of one, and how tensors refer to it. */
interface TarStorage {
  readonly storage: FileStorage;
  readonly reference: StorageReference | UnreadTensor;
  /** Bytes of an element. */
  readonly size: number;
}

/** Storages by key: a count, for each a pickle of key, place and class with its bytes behind it, then the views. */
function readStorages(source: ByteSource, member: TarMember, streams: PickleStreams): Map<string, TarStorage> {
  const storages = new Map<string, TarStorage>();
  for (let left = countOf(streams); left > 0; left--) {
    const [key, , type] = itemsOf(streams.next());
    const className = type instanceof GlobalReference ? type.name : '';
    const size = storageElementSize(className);
    if (size === undefined) throw streams.fault(`a storage has the unknown class ${JSON.stringify(className)}`);
    const byteLength = streams.count() * size;
    const start = member.start + streams.skip(byteLength);
    const dtype = storageDType(className);
    storages.set(keyOf(key), {
      storage: { start, content: section(source, start, start + byteLength), littleEndian: true },
      reference:
        dtype === undefined
          ? new UnreadTensor(`its storage class ${className} is not read`)
          : { key: keyOf(key), dtype, byteLength },
      size,
    });
  }
  for (const view of itemsOf(streams.next())) {
    const [key, root, offset, count] = itemsOf(view);
    const viewed = storages.get(keyOf(root));
    if (viewed === undefined) throw streams.fault('a storage is a view of one that is not there');
    const { reference, size } = viewed;
    const byteOffset = numberOf(offset) * size;
    storages.set(keyOf(key), {
      ...viewed,
      reference:
        reference instanceof UnreadTensor
          ? reference
          : { ...reference, byteOffset, byteLength: numberOf(count) * size },
    });
  }
  return storages;
}

/** Tensors by key: a count, for each a pickle of key, storage and class, then dimensions, sizes, strides and offset. */
function readTensors(streams: PickleStreams, storages: ReadonlyMap<string, TarStorage>): OtherForms['outside'] {
  const tensors = new Map<string, TensorReference | UnreadTensor>();
  for (let left = countOf(streams); left > 0; left--) {
    const [key, storageKey] = itemsOf(streams.next());
    const dimensions = streams.bytes(8).getInt32(0, true);
    if (!(dimensions >= 0 && dimensions <= limits.tensorDimensions)) {
      throw streams.fault(`a tensor has ${dimensions} dimensions`, streams.position - 8);
    }
    const shape = Array.from({ length: dimensions }, () => streams.count());
    const stride = Array.from({ length: dimensions }, () => streams.count());
    const offset = streams.count();
    const reference = storages.get(keyOf(storageKey))?.reference;
    if (reference === undefined || reference instanceof UnreadTensor) {
      tensors.set(keyOf(key), reference ?? new UnreadTensor('its storage is not in the file'));
    } else {
      tensors.set(keyOf(key), { storage: reference, dtype: reference.dtype, offset, shape, stride });
    }
  }
  return tensors;
}

function countOf(streams: PickleStreams): number {
  const count = streams.next();
  if (typeof count === 'number' && Number.isSafeInteger(count) && count >= 0) return count;
  throw streams.fault('it does not begin with a count');
}

/** Items of a tuple or list; none of anything else. */
function itemsOf(value: PickleValue): readonly PickleValue[] {
  return value instanceof PickleTuple || value instanceof PickleList ? value.items : [];
}

/** What is no number fails the checks of the view against its storage. */
function numberOf(value: PickleValue | undefined): number {
  return typeof value === 'number' ? value : NaN;
}
