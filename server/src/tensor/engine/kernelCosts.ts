import type { KernelName } from './kernels';

/** How a kernel's work is divided among threads. */
export interface KernelCost {
  /** Ranges are cut at multiples of so many units: a kernel's tile, or what lies on a few cache lines. */
  readonly grain: number;
  /** About what a unit takes one thread, in nanoseconds, with its values in the cache, measured at 50 GFLOP/s. */
  readonly perUnit: (...parameters: number[]) => number;
}

type PerUnit = KernelCost['perUnit'];

/** Entries of a sparse matrix's row, which no parameter tells: what molecules and proteins have, loops included. */
const usualDegree = 4;
/** Rows of a graph, which no parameter tells either. */
const usualNodes = 40;

const rows = (perUnit: PerUnit): KernelCost => ({ grain: 4, perUnit });
const matrices = (perUnit: PerUnit): KernelCost => ({ grain: 1, perUnit });
const elements = (perUnit: PerUnit): KernelCost => ({ grain: 1024, perUnit });

/**
 * The kernels that may be divided; all others run on the calling thread. A part that a dying thread left half done is
 * done again, so a kernel belongs here only if that changes nothing: not if it adds to what was there. Sums over the rows
 * of a matrix are not here: divided by columns they take longer on two threads than on one, because each thread then
 * reads strips of rows of which half lie in the other's cache.
 */
export const kernelCosts: Readonly<Partial<Record<KernelName, KernelCost>>> = {
  gemm: { grain: 6, perUnit: (_a, _b, _c, n, k) => 0.038 * n * (k + 6) },
  gemmTransposed: { grain: 6, perUnit: (_a, _b, _c, height, n) => 0.037 * height * n },
  transpose: rows((_a, _b, _height, width) => 0.45 * width),
  normRelu: rows((_z, _factor, _offset, _upper, _y, width) => 0.45 * width),
  normGradient: rows((_dy, _z, _norm, _pulls, _weights, _dz, width) => 0.5 * width),
  boundGradient: rows((_dy, _y, _relu, _upper, _dz, width) => 0.55 * width),
  sparseProduct: rows((_offsets, _columns, _values, _x, _y, width) => usualDegree * (3 + 0.18 * width)),
  attentionScores: rows((_z, _target, _source, _scores, heads, _lanes, width) => 0.3 * heads * width),
  edgeAttention: rows(
    (_offsets, _columns, _values, _scores, _z, _weights, _y, heads, lanes, width) =>
      usualDegree * (0.15 * heads * width + 4 * lanes),
  ),
  edgeScoreGradient: rows(
    (_offsets, _columns, _scores, _z, _weights, _dy, _toEntries, _toScores, heads, lanes, width) =>
      usualDegree * (0.15 * heads * width + 2 * lanes),
  ),
  edgeAttentionGradient: rows((...parameters) => {
    const [heads, lanes, width] = parameters.slice(-3);
    return usualDegree * (0.15 * heads * width + lanes);
  }),
  attentionVectorGradient: { grain: 16, perUnit: (_z, _toScores, _toTarget, _toSource, nodes) => 2 * nodes },
  edgeAttentionV2: rows((...parameters) => {
    const [heads, lanes, width] = parameters.slice(-3);
    return usualDegree * (0.6 * heads * width + 4 * lanes);
  }),
  edgeAttentionV2TargetGradient: rows((...parameters) => {
    const [heads, lanes, width] = parameters.slice(-3);
    return usualDegree * (0.8 * heads * width + lanes);
  }),
  edgeAttentionV2SourceGradient: rows((...parameters) => {
    const [heads, lanes, width] = parameters.slice(-3);
    return usualDegree * (0.6 * heads * width + lanes);
  }),
  rowEnergies: rows((_x, channels) => 0.5 * channels),
  rowEnergiesGradient: rows((_offsets, _columns, _values, _toWeighed, _x, channels) => 0.8 * channels),
  graphGrams: matrices((_offsets, _a, _b, _grams, k, n) => 0.04 * usualNodes * k * n),
  graphGramsGradient: matrices((...parameters) => {
    const [k, n] = parameters.slice(-2);
    return 0.1 * usualNodes * k * n;
  }),
  unitRows: matrices((_x, _y, width) => 0.65 * width),
  unitRowsGradient: matrices((_x, _dy, _dx, width) => 1.2 * width),
  sortedDifferences: matrices((_x, _y, _differences, _totals, _scratch, height, width) => 5 * height * width),
  combine: elements((_operation, a, _b, c) => (a === c ? 0 : 0.6)),
  combineScalar: elements((_operation, a, _b, c) => (a === c ? 0 : 0.6)),
  combineRow: rows((_operation, a, _b, c, width) => (a === c ? 0 : 0.6 * width)),
  combineColumn: rows((_operation, a, _b, c, width) => (a === c ? 0 : 0.6 * width)),
  map: elements((_operation, x, y) => (x === y ? 0 : 0.5)),
  rowSums: rows((_x, width) => 0.25 * width),
  gatherRows: rows((_x, _indices, width) => 0.2 * width),
};
