import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setFlagsFromString } from 'node:v8';

/** The functions that `kernels/index.ts` exports; threads call them by their place in this list. */
export const kernelNames = [
  'gemm',
  'gemmTransposed',
  'transpose',
  'columnSums',
  'columnNorm',
  'columnNormGradient',
  'normRelu',
  'normGradient',
  'boundGradient',
  'sparseProduct',
  'sortedDifferences',
  'attentionScores',
  'edgeAttention',
  'edgeScoreGradient',
  'edgeAttentionGradient',
  'attentionVectorGradient',
  'combine',
  'combineScalar',
  'combineRow',
  'combineColumn',
  'map',
  'fill',
  'rowSums',
  'blockSums',
  'roundSums',
  'totals',
  'rowExtremes',
  'columnExtremes',
  'gatherRows',
  'repeatRows',
  'segmentSums',
  'gradientSquares',
  'adamStep',
  'crossEntropyRows',
  'graphGrams',
  'graphGramsGradient',
  'unitRows',
  'unitRowsGradient',
  'rowEnergies',
  'attentionMap',
  'attentionMapGradient',
  'rowEnergiesGradient',
  'segmentMax',
  'segmentMaxShares',
  'segmentMaxGradient',
  'edgeAttentionV2',
  'edgeAttentionV2TargetGradient',
  'edgeAttentionV2SourceGradient',
] as const;
export type KernelName = (typeof kernelNames)[number];

/**
 * Kernels take addresses, sizes and settings; the last two arguments are a range of independent units (mostly rows of
 * the output) to work on, so that a call can be divided among threads.
 */
export type Kernels = Readonly<Record<KernelName, (...numbers: number[]) => void>>;

/** Compiled kernels, and whether multiply-adds are rounded once (relaxed SIMD) or twice. */
export interface KernelModule {
  readonly module: WebAssembly.Module;
  readonly relaxed: boolean;
}

/** The engine's binaries are missing or this machine cannot run them. */
class KernelError extends Error {
  override readonly name = 'KernelError';
}

const files = { relaxed: 'graphnad-kernels-relaxed.wasm', plain: 'graphnad-kernels.wasm' };

/**
 * Loads the fastest build of the kernels that runs here.
 *
 * @param allowRelaxed whether multiply-adds may be rounded once; default true where the runtime has them
 * @throws KernelError when the binaries are missing or WebAssembly has no SIMD here
 */
export function loadKernelModule(allowRelaxed = true): KernelModule {
  const folder = binariesFolder();
  if (allowRelaxed) {
    const bytes = readFileSync(path.join(folder, files.relaxed));
    if (runs(bytes) || (enableRelaxedSimd(), runs(bytes))) {
      return { module: new WebAssembly.Module(bytes), relaxed: true };
    }
  }
  const bytes = readFileSync(path.join(folder, files.plain));
  if (!runs(bytes)) throw new KernelError('this runtime has no WebAssembly SIMD');
  return { module: new WebAssembly.Module(bytes), relaxed: false };
}

export function instantiateKernels({ module }: KernelModule, memory: WebAssembly.Memory): Kernels {
  return new WebAssembly.Instance(module, { env: { memory } }).exports as Kernels;
}

function runs(bytes: Uint8Array): boolean {
  return WebAssembly.validate(bytes);
}

/** Node 20 has relaxed SIMD complete but behind a flag, which later versions have on and no longer know. */
function enableRelaxedSimd(): void {
  if (process.versions.node.startsWith('20.')) setFlagsFromString('--experimental-wasm-relaxed-simd');
}

/**
 * Folder of the binaries and of the threads' script: that of the bundle; when running from sources, the build's.
 *
 * @throws KernelError when the binaries are in neither
 */
export function binariesFolder(): string {
  const candidates = [__dirname, path.resolve(__dirname, '../../../../dist')];
  const found = candidates.find((folder) => existsSync(path.join(folder, files.plain)));
  if (found === undefined) throw new KernelError(`${files.plain} is missing from ${__dirname}`);
  return found;
}
