import type { ModelPlan } from './plan/modelPlan';

/** Which tensors of a checkpoint a model is made of. */
export type ModelNames = UsualNames | ModelPlan;

/** The tensors of a model of the usual shape (see `ArchitectureSummary`). */
export interface UsualNames {
  readonly layers: readonly LayerNames[];
  /** The linear layer behind the readout. */
  readonly output: LinearNames;
}

/** Whether a model is of another shape than the usual one. */
export function isPlan(names: ModelNames): names is ModelPlan {
  return 'outputs' in names;
}

export type LayerNames = GinLayerNames | ConvolutionNames;

/** A layer whose network is a sequence of modules. */
export interface GinLayerNames {
  /** Absent where the checkpoint keeps no eps. */
  readonly eps?: ScalarName;
  readonly first: LinearNames;
  readonly second: LinearNames;
}

/** A convolution and what follows it, without `.weight` and the like. */
export interface ConvolutionNames {
  /** `convs.0` */
  readonly conv: string;
  /** `bns.0`; absent where no BatchNorm follows. */
  readonly norm?: string;
  /**
   * Of GAT: the modules in the convolution that hold the weight, all of them the same values. Default `lin`; older
   * versions of PyTorch Geometric have it twice, as `lin_src` and `lin_dst`.
   */
  readonly weights?: readonly string[];
}

/** A tensor of one number; PyTorch keeps it with shape `[]` or `[1]`. */
export interface ScalarName {
  readonly name: string;
  readonly shape: readonly number[];
}

/** Names without `.weight` and the like: `convs.0.nn.0`. */
export interface LinearNames {
  readonly linear: string;
  /** Absent where no BatchNorm follows. */
  readonly norm?: string;
}
