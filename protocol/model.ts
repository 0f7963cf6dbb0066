/** What a checkpoint holds, as far as it was recognised without running anything in it. */

/** How a graph's nodes are put together. */
export const readouts = ['sum', 'mean', 'max'] as const;
export type Readout = (typeof readouts)[number];

/** Kinds of layers; see `docs/architecture.md`. */
export const modelKinds = ['gin', 'gcn', 'gat', 'gatv2', 'sage'] as const;
export type ModelKind = (typeof modelKinds)[number];
/** What people call them. */
export const modelTitles: Readonly<Record<ModelKind, string>> = {
  gin: 'GIN',
  gcn: 'GCN',
  gat: 'GAT',
  gatv2: 'GATv2',
  sage: 'GraphSAGE',
};

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
  readonly kind: ModelKind;
  readonly layers: number;
  readonly hidden: number;
  readonly inputs: number;
  readonly classes: number;
  readonly readout: Readout;
  readonly batchNorm: boolean;
  /** Of GIN: (1 + eps) weighs a node's own features, one value a layer. Default 0. Absent for other kinds. */
  readonly eps?: readonly number[];
  /** Of GAT: number of attention heads of each layer, a divisor of `hidden`. Default 1. Absent for other kinds. */
  readonly heads?: number;
}

export interface TensorSummary {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
}

/** File name extensions, without the dot, under which checkpoints are kept; the manifest's menus list the same. */
export const modelExtensions = ['pt', 'pth', 'ckpt', 'bin', 'safetensors', 'pkl', 'pickle'] as const;
