/** Named tensors of a model file, whatever container they came from. */

export type DType =
  'float64' | 'float32' | 'float16' | 'bfloat16' | 'int64' | 'int32' | 'int16' | 'int8' | 'uint8' | 'bool';

export interface Tensor {
  readonly name: string;
  readonly dtype: DType;
  readonly shape: readonly number[];
  /** Values in row-major order as numbers; int64 beyond 2^53 loses precision. A fresh array at each call. */
  values(): Float64Array;
}

/** A callable that unpickling the file would import; whether it would also be called is known from the opcodes. */
export interface PickleGlobal {
  readonly module: string;
  readonly name: string;
  /** Container entry, such as `archive/data.pkl`. */
  readonly entry: string;
  /** Byte offset of the opcode inside the entry. */
  readonly offset: number;
  /** Whether an opcode calls it (REDUCE, BUILD, NEWOBJ, ...) or only imports it. */
  readonly called: boolean;
  /** Arguments of the call as far as they are literals, shortened for display. */
  readonly argumentsText?: string;
  /** The module that stands here for who wrote the file, where another way of reading takes this one instead. */
  readonly insteadOf?: string;
}

/** Something about the container that loaders accept and scanners miss. */
export interface ContainerAnomaly {
  readonly entry?: string;
  readonly offset?: number;
  readonly reason: string;
  /** Not a defect, but a part of the file that was not looked into. */
  readonly isUnread?: boolean;
}

/** File formats; `formats.ts` has what reads them. `protocol/model.ts` has their names for people. */
export type FormatId =
  | 'pytorch-zip'
  | 'pytorch-legacy'
  | 'pytorch-tar'
  | 'torchscript'
  | 'safetensors'
  | 'sharded'
  | 'numpy'
  | 'npz'
  | 'pickle'
  | 'onnx'
  | 'keras-hdf5'
  | 'keras'
  | 'tfjs-layers';

export interface Checkpoint {
  readonly format: FormatId;
  /** Tensors in file order, by full name such as `convs.0.nn.0.weight` (wrapper keys are taken off). */
  readonly tensors: ReadonlyMap<string, Tensor>;
  /** Tensors that are there and cannot be read, by full name, with the reason. */
  readonly unread: ReadonlyMap<string, string>;
  /** Key under which the state dict was found, such as `state_dict`; empty for a bare state dict. */
  readonly wrapper: string;
  readonly globals: readonly PickleGlobal[];
  readonly anomalies: readonly ContainerAnomaly[];
  /** String metadata: safetensors `__metadata__`, or nothing. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** A file that cannot be read: names the file, the place and the reason. */
export class CheckpointError extends Error {
  constructor(
    readonly file: string,
    readonly reason: string,
    readonly offset?: number,
    readonly entry?: string,
  ) {
    const place = [entry, offset === undefined ? undefined : `byte ${offset.toLocaleString('en-US')}`].filter(Boolean);
    super(`${file}${place.length > 0 ? ` (${place.join(', ')})` : ''}: ${reason}`);
    this.name = 'CheckpointError';
  }
}
