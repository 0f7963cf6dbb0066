import type { DataType, TypedArray } from '@tensorflow/tfjs-core';
import type { KernelMemory } from './kernelMemory';

/** Types of values that lie in the kernels' memory; strings and complex numbers stay with JavaScript. */
export type StoredType = 'float32' | 'int32' | 'bool';

export function isStoredType(dtype: DataType): dtype is StoredType {
  return dtype === 'float32' || dtype === 'int32' || dtype === 'bool';
}

/** The values of a tensor in the kernels' memory, in the shape in which the JavaScript backend keeps its own. */
export class StoredTensor {
  readonly address: number;
  private view: TypedArray | undefined;

  constructor(
    private readonly pool: KernelMemory,
    private readonly length: number,
    readonly dtype: StoredType,
    public refCount: number,
  ) {
    this.address = pool.allocate(this.bytes);
  }

  /** The values themselves, not a copy; made when first asked for, because kernels need none. */
  get values(): TypedArray {
    this.view ??=
      this.dtype === 'float32'
        ? this.pool.floats(this.address, this.length)
        : this.dtype === 'int32'
          ? this.pool.integers(this.address, this.length)
          : this.pool.bytes(this.address, this.length);
    return this.view;
  }

  release(): void {
    this.pool.release(this.address, this.bytes);
  }

  private get bytes(): number {
    return this.dtype === 'bool' ? this.length : 4 * this.length;
  }
}
