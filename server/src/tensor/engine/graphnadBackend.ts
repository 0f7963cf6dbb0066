import { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { KernelMemory } from './kernelMemory';
import { instantiateKernels, loadKernelModule, type KernelName, type Kernels } from './kernels';
import { isStoredType, StoredTensor } from './storedTensor';
import { ThreadTeam } from './threadTeam';
import { Workspace } from './workspace';

type TensorData = ReturnType<MathBackendCPU['data']['get']>;
type DataId = ReturnType<MathBackendCPU['write']>;
type Values = Parameters<MathBackendCPU['write']>[0];
type Data = TensorData | StoredTensor;
type NumberType = 'float32' | 'int32';

/** The engine, where it is the backend in use. */
export function engineInUse(): GraphnadBackend | undefined {
  const backend = tf.backend();
  return backend instanceof GraphnadBackend ? backend : undefined;
}

/** A new tensor and where its values are to be written; they are left over from before. */
export interface Output<T extends tf.Tensor = tf.Tensor> {
  readonly tensor: T;
  readonly address: number;
}

/**
 * The backend `graphnad`: values of all tensors lie in one WebAssembly memory, the hot operations run as kernels there,
 * and everything else runs as on the JavaScript backend, on views of that memory.
 */
export class GraphnadBackend extends MathBackendCPU {
  readonly memoryPool = new KernelMemory();
  /** Whether multiply-adds are rounded once; results of the two builds differ in the last bit. */
  readonly relaxed: boolean;
  /** Threads that share the work of kernels. */
  readonly threads: ThreadTeam;
  private readonly kernels: Kernels;

  /** @throws KernelError where the kernels cannot run */
  constructor() {
    super();
    const module = loadKernelModule();
    this.relaxed = module.relaxed;
    this.kernels = instantiateKernels(module, this.memoryPool.memory);
    this.threads = new ThreadTeam(this.kernels, module, this.memoryPool.memory);
  }

  /**
   * Runs a kernel on all its units, divided among threads where that pays.
   *
   * @param units independent parts the work can be divided into; the kernel gets the range 0 to units
   * @param parameters what the kernel takes before the range
   */
  launch(kernel: KernelName, units: number, ...parameters: number[]): void {
    if (!this.threads.run(kernel, units, parameters)) this.kernels[kernel](...parameters, 0, units);
  }

  /** Gives an operation places for intermediate values, which are taken back when it returns. */
  withWorkspace<T>(operation: (workspace: Workspace) => T): T {
    const workspace = new Workspace(this.memoryPool);
    try {
      return operation(workspace);
    } finally {
      workspace.release();
    }
  }

  /** The values of a float32 tensor: a view, valid as long as the tensor is. */
  values(tensor: tf.TensorInfo): Float32Array {
    return this.stored(tensor).values as Float32Array;
  }

  /** Where the values of a float32, int32 or bool tensor lie; valid as long as the tensor is. */
  address(tensor: tf.TensorInfo): number {
    return this.stored(tensor).address;
  }

  /** A tensor whose values are about to be written by a kernel. */
  output<T extends tf.Tensor>(shape: T['shape'], dtype?: NumberType): Output<T> {
    const { info, address } = this.outputInfo(shape, dtype);
    return { tensor: tf.engine().makeTensorFromTensorInfo(info, this) as T, address };
  }

  /** The same for kernels of tfjs, which makes tensors of what they return. */
  outputInfo(
    shape: number[],
    dtype: NumberType = 'float32',
  ): { readonly info: tf.TensorInfo; readonly address: number } {
    const stored = new StoredTensor(this.memoryPool, tf.util.sizeFromShape(shape), dtype, 1);
    return { info: { dataId: this.keep(stored), shape, dtype }, address: stored.address };
  }

  override write(values: Values | undefined, shape: number[], dtype: tf.DataType): DataId {
    return this.keep(this.storedData(values, shape, dtype, 1));
  }

  override move(dataId: DataId, values: Values, shape: number[], dtype: tf.DataType, refCount: number): void {
    this.data.set(dataId, this.storedData(values, shape, dtype, refCount));
  }

  /** A copy: the place itself is used again once the tensor is disposed. */
  override readSync(dataId: DataId): Values {
    const data = this.data.get(dataId);
    return data instanceof StoredTensor ? data.values.slice() : super.readSync(dataId);
  }

  override disposeData(dataId: DataId, force = false): boolean {
    const data = this.data.has(dataId) ? this.data.get(dataId) : undefined;
    const gone = super.disposeData(dataId, force);
    if (gone && data instanceof StoredTensor) data.release();
    return gone;
  }

  override memory(): { unreliable: boolean; reasons: string[]; numBytesInEngine: number } {
    return { unreliable: false, reasons: [], numBytesInEngine: this.memoryPool.bytesInUse };
  }

  override dispose(): void {
    this.threads.end();
    super.dispose();
  }

  private stored(tensor: tf.TensorInfo): StoredTensor {
    const data = this.data.get(tensor.dataId);
    if (!(data instanceof StoredTensor)) throw new TypeError(`a ${tensor.dtype} tensor has no place in memory`);
    return data;
  }

  private storedData(values: Values | undefined, shape: number[], dtype: tf.DataType, refCount: number): Data {
    if (!isStoredType(dtype)) return { values, dtype, refCount };
    const stored = new StoredTensor(this.memoryPool, tf.util.sizeFromShape(shape), dtype, refCount);
    // Some operations of the JavaScript backend make a tensor first and fill it then; tfjs passes null for none, too.
    if (values) stored.values.set(values as tf.TypedArray);
    return stored;
  }

  private keep(data: Data): DataId {
    const dataId = {};
    this.data.set(dataId, data);
    return dataId;
  }
}
