import type { KernelName } from './kernels';

/** How a kernel's work is divided among threads. */
export interface KernelCost {
  /** Ranges are cut at multiples of so many units: a kernel's tile, or a strip of columns. */
  readonly grain: number;
  /** About what a unit takes one thread, in nanoseconds; with its values in the cache, measured at 50 GFLOP/s. */
  readonly perUnit: (...parameters: number[]) => number;
}

const tileRows = 4;
/** Narrower strips of a matrix take longer to read; a multiple of what a cache line holds. */
const stripColumns = 32;

const rows = (perUnit: KernelCost['perUnit']): KernelCost => ({ grain: tileRows, perUnit });
const columns = (perUnit: KernelCost['perUnit']): KernelCost => ({ grain: stripColumns, perUnit });

/**
 * The kernels that may be divided; all others run on the calling thread. A kernel belongs here only if it does not read
 * what it writes: a part that a dying thread left half done is done again.
 */
export const kernelCosts: Readonly<Partial<Record<KernelName, KernelCost>>> = {
  gemm: rows((_a, _b, _c, n, k) => 0.043 * n * k),
  gemmTransposed: rows((_a, _b, _c, height, n) => 0.04 * height * n),
  transpose: rows((_a, _b, _height, width) => 0.45 * width),
  columnSums: columns((_x, _weights, height) => 0.2 * height),
  columnSquares: columns((_x, _mean, _weights, height) => 0.23 * height),
  normGradientSums: columns((_dy, _y, _z, _mean, height) => 0.37 * height),
  normRelu: rows((_z, _factor, _offset, _y, width) => 0.28 * width),
  normGradient: rows((_dy, _y, _z, _coefficients, _weights, _dz, width) => 0.4 * width),
  reluGradient: rows((_dy, _y, _upper, _dz, width) => 0.2 * width),
};
