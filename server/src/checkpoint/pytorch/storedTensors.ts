/** Tensors of a state dict over the storages they lie in, whatever holds those. */

import type { ByteSource } from '../byteSource';
import { wholeOf } from '../byteSource';
import { elementSize } from '../dtypes';
import { ReplacedBytes, requireKnownNames } from '../replacedBytes';
import type { StridedView, ViewedTensor } from '../stridedView';
import { viewProblem, viewedTensor } from '../stridedView';
import type { StateDict } from './stateDict';
import type { StorageReference, TensorReference } from './tensorReference';
import { UnreadTensor } from './tensorReference';

/** A storage as it lies in the file. */
export interface Storage {
  readonly content: ByteSource;
  readonly littleEndian: boolean;
}

/** A tensor of the state dict and the storage that holds it. Tensors that share memory have the same. */
export interface StoredTensor<S extends Storage = Storage> {
  readonly name: string;
  readonly view: StridedView;
  readonly storage: S;
}

export interface StoredTensors<S extends Storage = Storage> {
  /** By full name, in the order of the state dict. */
  readonly tensors: ReadonlyMap<string, StoredTensor<S>>;
  /** Why the others cannot be read. */
  readonly unread: ReadonlyMap<string, string>;
}

/**
 * Finds each tensor's storage and checks that it holds the tensor.
 *
 * @param find the storage of a reference, the same object for the same bytes, or why there is none
 * @param largeTensors see `viewProblem`
 */
export function storedTensors<S extends Storage>(
  stateDict: StateDict,
  find: (reference: StorageReference) => S | string,
  largeTensors: boolean,
): StoredTensors<S> {
  const tensors = new Map<string, StoredTensor<S>>();
  const unread = new Map<string, string>();
  for (const [name, reference] of stateDict.tensors) {
    const tensor = reference instanceof UnreadTensor ? reference.reason : locate(reference);
    if (typeof tensor === 'string') unread.set(name, tensor);
    else tensors.set(name, { name, ...tensor });
  }
  return { tensors, unread };

  function locate(reference: TensorReference): { view: StridedView; storage: S } | string {
    const storage = find(reference.storage);
    if (typeof storage === 'string') return storage;
    const { byteLength, byteOffset = 0 } = reference.storage;
    const needed = byteOffset + byteLength;
    if (!(storage.content.length >= needed)) {
      return `its storage has ${storage.content.length} bytes instead of ${needed}`;
    }
    const view = asView(reference, storage.littleEndian);
    return viewProblem(view, needed, largeTensors) ?? { view, storage };
  }
}

function asView({ dtype, shape, stride, offset, storage }: TensorReference, littleEndian: boolean): StridedView {
  const byteOffset = (storage.byteOffset ?? 0) + offset * elementSize[dtype];
  return { dtype, shape, stride, byteOffset, littleEndian };
}

/** The tensors as they are given to those who read values. */
export function viewedTensors(tensors: ReadonlyMap<string, StoredTensor>): Map<string, ViewedTensor> {
  return new Map([...tensors].map(([name, { view, storage }]) => [name, viewedTensor(name, view, storage.content)]));
}

/**
 * New bytes of the storages in which tensors are replaced.
 *
 * @throws CheckpointError where a name is unknown, a value does not fit or tensors contradict each other
 */
export function replacedStorages<S extends Storage>(
  { tensors }: StoredTensors<S>,
  replacements: ReadonlyMap<string, ArrayLike<number>>,
  file: string,
): Map<S, Uint8Array> {
  requireKnownNames(replacements, tensors, file);
  const storages = new Map<S, ReplacedBytes>();
  for (const [name, values] of replacements) {
    const tensor = tensors.get(name);
    if (tensor === undefined) continue;
    const { storage, view } = tensor;
    const replaced = storages.get(storage) ?? new ReplacedBytes(wholeOf(storage.content), file);
    storages.set(storage, replaced);
    replaced.replace(name, view, values);
  }
  for (const [name, { storage, view }] of tensors) {
    if (!replacements.has(name)) storages.get(storage)?.requireUnchanged(name, view);
  }
  return new Map([...storages].map(([storage, { bytes }]) => [storage, bytes]));
}
