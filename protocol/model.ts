/** What a checkpoint holds, as far as it was recognised without running anything in it. */

export type Readout = 'sum' | 'mean';

/** How node features are made from a data set; see `docs/user-guide.md`. */
export const featureKinds = [
  'labels',
  'labels-dense',
  'labels+attributes',
  'attributes',
  'degree',
  'constant',
] as const;
export type FeatureKind = (typeof featureKinds)[number];
/** `auto` takes the kind whose width fits the model. */
export type FeatureChoice = FeatureKind | 'auto';

export interface ArchitectureSummary {
  readonly kind: 'gin';
  readonly layers: number;
  readonly hidden: number;
  readonly inputs: number;
  readonly classes: number;
  readonly readout: Readout;
  readonly batchNorm: boolean;
  /** (1 + eps) weighs a node's own features, one value a layer. */
  readonly eps: readonly number[];
}

export interface TensorSummary {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
}

/** File name extensions, without the dot, under which checkpoints are kept; the manifest's menus list the same. */
export const modelExtensions = ['pt', 'pth', 'ckpt', 'bin', 'safetensors', 'pkl', 'pickle'] as const;
