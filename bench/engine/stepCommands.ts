import type { PackedGraphs, PackedTensor } from './packed';
import type { ModelShape } from './workload';

/** Takes a model and data and gets ready to train. */
export interface Prepare {
  readonly shape: ModelShape;
  /** Initial weights by their names in PyTorch Geometric. */
  readonly weights: Readonly<Record<string, PackedTensor>>;
  readonly graphs: PackedGraphs;
  readonly batches: readonly (readonly number[])[];
}

/** Goes on training. */
export interface Train {
  readonly steps: number;
  /** Whether every step collates its graphs anew, as a training loop over shuffled data does. Default false. */
  readonly collating?: boolean;
}

/** Goes back to the initial weights. */
export interface Reset {
  readonly learningRate: number;
}

/** Multiplies two matrices again and again: `[m, k]` by `[k, n]`, or either transposed. */
export interface Gemm {
  readonly m: number;
  readonly k: number;
  readonly n: number;
  readonly transposeA: boolean;
  readonly transposeB: boolean;
  readonly repeats: number;
}

/** What both sides answer, by command. */
export interface Answers {
  readonly describe: {
    readonly name: string;
    readonly versions: Readonly<Record<string, string>>;
    readonly threads: number;
  };
  readonly prepare: {
    /** Fastest way of several to write the same model, where there are several. */
    readonly formulation?: string;
    /** Milliseconds of a step of each. */
    readonly formulations?: Readonly<Record<string, number>>;
  };
  readonly train: {
    readonly milliseconds: number;
    /** Time of all processor cores together. */
    readonly processorMilliseconds: number;
    readonly losses: readonly number[];
  };
  readonly gemm: { readonly milliseconds: number };
  /** Our side alone: multiply-adds on registers, so many rounds. */
  readonly peak: { readonly milliseconds: number; readonly operations: number; readonly fused: boolean };
  readonly reset: Readonly<Record<string, never>>;
}
