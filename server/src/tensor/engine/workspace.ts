import type { KernelMemory } from './kernelMemory';

/** Places for an operation's intermediate values and constants. */
export class Workspace {
  private readonly taken: [address: number, bytes: number][] = [];

  constructor(private readonly pool: KernelMemory) {}

  /** Room for 32-bit numbers, left over from before. */
  room(numbers: number): number {
    return this.take(4 * numbers);
  }

  /** Room for 64-bit numbers, left over from before. */
  doubles(numbers: number): number {
    return this.take(8 * numbers);
  }

  /** Copies values in; 0, which kernels take for "absent", where there are none. */
  copy(values: Float32Array | Int32Array | undefined): number {
    if (values === undefined) return 0;
    const address = this.room(values.length);
    if (values instanceof Float32Array) this.pool.floats(address, values.length).set(values);
    else this.pool.integers(address, values.length).set(values);
    return address;
  }

  release(): void {
    for (const [address, bytes] of this.taken) this.pool.release(address, bytes);
    this.taken.length = 0;
  }

  private take(bytes: number): number {
    const address = this.pool.allocate(bytes);
    this.taken.push([address, bytes]);
    return address;
  }
}
