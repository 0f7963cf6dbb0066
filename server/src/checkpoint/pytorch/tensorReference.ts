/** Recognises tensors among the inert objects of a pickle, by the known callables that would rebuild them. */

import type { DType } from '../checkpoint';
import { elementSize } from '../dtypes';
import { limits } from '../limits';
import type { PickleValue } from '../pickle/values';
import { GlobalReference, PersistentReference, PickleObject, PickleTuple } from '../pickle/values';
import { storageDType, torchDType } from './globals';

/** A storage as its persistent id names it: `("storage", class, key, location, size)`. */
export interface StorageReference {
  readonly key: string;
  readonly dtype: DType;
  readonly byteLength: number;
  /** Where the storage is a view of another, as legacy files have them: its first byte in that. Default 0. */
  readonly byteOffset?: number;
}

/** A tensor as the pickle describes it, not yet checked against its storage. */
export interface TensorReference {
  readonly storage: StorageReference;
  readonly dtype: DType;
  /** In elements of `dtype`. */
  readonly offset: number;
  readonly shape: readonly number[];
  readonly stride: readonly number[];
}

/** A tensor that is there and cannot be read. */
export class UnreadTensor {
  constructor(readonly reason: string) {}
}

/** Positions of the tensor's parts among the arguments of a rebuilding function; `dtype` where it is one of them. */
const rebuilders: Readonly<Record<string, { readonly dtype?: number }>> = {
  'torch._utils._rebuild_tensor': {},
  'torch._utils._rebuild_tensor_v2': {},
  'torch._utils._rebuild_tensor_v3': { dtype: 6 },
};

/** Functions whose first argument is the tensor itself. */
const wrappers: ReadonlySet<string> = new Set([
  'torch._utils._rebuild_parameter',
  'torch._utils._rebuild_parameter_with_state',
  'torch.nn.parameter.Parameter',
  'torch.nn.parameter.Buffer',
  // Before PyTorch 0.4.
  'torch.autograd.variable.Variable',
]);

const unreadKinds: Readonly<Record<string, string>> = {
  'torch._utils._rebuild_qtensor': 'quantised',
  'torch._utils._rebuild_sparse_tensor': 'sparse',
  'torch._utils._rebuild_sparse_csr_tensor': 'sparse',
  'torch._utils._rebuild_nested_tensor': 'nested',
  'torch._utils._rebuild_meta_tensor_no_storage': 'on the meta device, without values',
  'torch._utils._rebuild_device_tensor_from_numpy': 'of a device that stores tensors as NumPy arrays',
  'torch._utils._rebuild_wrapper_subclass': 'of a tensor subclass',
};

/** No storage has this key. */
const noKey = '';

/** A key of a storage or a tensor, which are texts or numbers. */
export function keyOf(value: PickleValue): string {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint' ? String(value) : noKey;
}

/** What a pickle has in another way than `torch.save` writes it today. */
export interface OtherForms {
  /** Tensors that lie outside of the pickle, by their persistent ids, as before PyTorch 0.1.10. */
  readonly outside?: ReadonlyMap<string, TensorReference | UnreadTensor>;
  /** The storage that a value would become that is no persistent id; undefined where it would not become one. */
  storageIn?(value: PickleValue): StorageReference | UnreadTensor | undefined;
}

/** The tensor that `value` would become; undefined where it would not become one. */
export function asTensor(
  value: PickleValue | undefined,
  forms: OtherForms = {},
): TensorReference | UnreadTensor | undefined {
  // Wrappers nest at most a few deep; a pickle cannot make a cycle here, as arguments exist before the call.
  for (let depth = 0; depth < 8; depth++) {
    if (value instanceof PersistentReference) return forms.outside?.get(keyOf(value.id));
    if (!(value instanceof PickleObject) || value.path === undefined) return undefined;
    const { path, args }: PickleObject & { path?: string } = value;
    if (Object.hasOwn(rebuilders, path)) return rebuild(args, rebuilders[path].dtype, forms);
    if (Object.hasOwn(unreadKinds, path)) return new UnreadTensor(`it is ${unreadKinds[path]}`);
    if (path === 'torch._tensor._rebuild_from_type_v2') {
      const [callable, , inner] = args;
      value = new PickleObject(callable, inner instanceof PickleTuple ? inner.items : []);
    } else if (wrappers.has(path)) {
      value = args[0];
    } else {
      return undefined;
    }
  }
  return undefined;
}

function rebuild(
  args: readonly PickleValue[],
  dtypeIndex: number | undefined,
  forms: OtherForms,
): TensorReference | UnreadTensor {
  const [held] = args;
  const storage = held instanceof PersistentReference ? asStorage(held.id) : forms.storageIn?.(held);
  if (storage === undefined) return new UnreadTensor('its storage is not one of the archive');
  if (storage instanceof UnreadTensor) return storage;
  const dtype = dtypeIndex === undefined ? storage.dtype : asDType(args[dtypeIndex]);
  if (dtype instanceof UnreadTensor) return dtype;
  const shape = asSizes(args[2]);
  const stride = asSizes(args[3]);
  if (typeof args[1] !== 'number' || shape === undefined || stride === undefined) {
    return new UnreadTensor('its offset, size or stride is not given in numbers, or in too many');
  }
  return { storage, dtype, offset: args[1], shape, stride };
}

/** The storage that a persistent id names; undefined where it names something else. */
export function asStorage(id: PickleValue): StorageReference | UnreadTensor | undefined {
  if (!(id instanceof PickleTuple)) return undefined;
  const [kind, type, key, , size, view] = id.items;
  if (kind !== 'storage' || !(type instanceof GlobalReference) || typeof size !== 'number') return undefined;
  if (keyOf(key) === noKey) return undefined;
  const dtype = storageDType(type.name);
  if (dtype === undefined) return new UnreadTensor(`its storage class ${type.name} is not read`);
  return { key: keyOf(key), dtype, ...asRange(view, size, elementSize[dtype]) };
}

/** Bytes of a storage that is a view of another, `(key, offset, size)` in elements as legacy files have it, or of a whole one. */
function asRange(view: PickleValue | undefined, size: number, elementBytes: number) {
  if (!(view instanceof PickleTuple)) return { byteLength: size * elementBytes };
  const [, offset, viewSize] = view.items;
  // What is no number fails the checks of the view against its storage.
  const bytes = (value: PickleValue) => (typeof value === 'number' ? value * elementBytes : NaN);
  return { byteOffset: bytes(offset), byteLength: bytes(viewSize) };
}

function asDType(value: PickleValue): DType | UnreadTensor {
  const name = value instanceof GlobalReference && value.module === 'torch' ? value.name : 'unknown';
  return torchDType(name) ?? new UnreadTensor(`its element type ${name} is not read`);
}

/** Sizes and strides: a tuple of numbers, or `torch.Size(tuple)`. */
function asSizes(value: PickleValue): number[] | undefined {
  if (value instanceof PickleObject && value.path === 'torch.Size') return asSizes(value.args[0]);
  // Many tensors may share one tuple, of any length.
  if (!(value instanceof PickleTuple) || value.items.length > limits.tensorDimensions) return undefined;
  const sizes = value.items.filter((item) => typeof item === 'number');
  return sizes.length === value.items.length ? sizes : undefined;
}
