/**
 * The one WebAssembly memory that holds all tensors of the process, with pooled buffers: a training loop asks for the
 * same sizes again and again, and gets the same places without clearing, copying or garbage.
 */
export class KernelMemory {
  /** Shared, so that it can grow without detaching views and so that threads see it. */
  readonly memory: WebAssembly.Memory;
  private end = firstAddress;
  /** Free places by size class. */
  private readonly free = new Map<number, number[]>();
  private bytesOut = 0;

  /** @throws RangeError where not even the smallest memory can be reserved */
  constructor() {
    this.memory = reserve();
  }

  /** Bytes handed out and not yet given back, rounded up to size classes. */
  get bytesInUse(): number {
    return this.bytesOut;
  }

  /** Bytes the memory has grown to. It never shrinks; what was given back is used again. */
  get bytesReserved(): number {
    return this.end;
  }

  /**
   * A place for some bytes, aligned to cache lines. What it holds is left over from before.
   *
   * @throws RangeError when the memory cannot grow
   */
  allocate(bytes: number): number {
    const size = sizeClass(bytes);
    this.bytesOut += size;
    return this.free.get(size)?.pop() ?? this.extend(size);
  }

  /** Gives a place back. @param bytes as it was asked for */
  release(address: number, bytes: number): void {
    const size = sizeClass(bytes);
    this.bytesOut -= size;
    const places = this.free.get(size);
    if (places === undefined) this.free.set(size, [address]);
    else places.push(address);
  }

  floats(address: number, length: number): Float32Array {
    return new Float32Array(this.memory.buffer, address, length);
  }

  doubles(address: number, length: number): Float64Array {
    return new Float64Array(this.memory.buffer, address, length);
  }

  integers(address: number, length: number): Int32Array {
    return new Int32Array(this.memory.buffer, address, length);
  }

  bytes(address: number, length: number): Uint8Array {
    return new Uint8Array(this.memory.buffer, address, length);
  }

  private extend(size: number): number {
    const address = this.end;
    const missing = address + size - this.memory.buffer.byteLength;
    if (missing > 0) this.grow(Math.ceil(missing / growthBytes) * (growthBytes / pageBytes), size);
    this.end = address + size;
    return address;
  }

  private grow(pages: number, wanted: number): void {
    try {
      this.memory.grow(pages);
    } catch {
      const [more, used] = [wanted, this.end].map((bytes) => Math.ceil(bytes / megabyte));
      throw new RangeError(`the tensors do not fit into memory: ${more} MiB more than the ${used} MiB in use`);
    }
  }
}

const megabyte = 1024 * 1024;
const pageBytes = 65_536;
const cacheLine = 64;
/** Address 0 stands for "absent". */
const firstAddress = 1024;
const growthBytes = 16 * 1024 * 1024;
/** Address space to reserve, in pages: 4 GiB, or less where a limit on address space forbids that. */
const maximumPages = [65_536, 16_384, 4096];

function reserve(): WebAssembly.Memory {
  let failure: unknown;
  for (const maximum of maximumPages) {
    try {
      return new WebAssembly.Memory({ initial: growthBytes / pageBytes, maximum, shared: true });
    } catch (error) {
      failure = error;
    }
  }
  throw failure;
}

/** Rounds up to one of four sizes per power of two, so that at most a fifth of a place is lost. */
function sizeClass(bytes: number): number {
  if (bytes <= 4 * cacheLine) return Math.max(1, Math.ceil(bytes / cacheLine)) * cacheLine;
  const step = 2 ** (Math.floor(Math.log2(bytes - 1)) - 2);
  return Math.ceil(bytes / step) * step;
}
