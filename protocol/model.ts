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
  'embedded',
  'degree',
  'constant',
] as const;
export type FeatureKind = (typeof featureKinds)[number];
/** `auto` takes the kind whose width fits the model. */
export type FeatureChoice = FeatureKind | 'auto';

/** Functions between layers; `gelu` is the exact one. They leave no tensors. */
export const activations = ['relu', 'leaky_relu', 'elu', 'gelu', 'tanh'] as const;
export type Activation = (typeof activations)[number];

/**
 * What activations are normalised by: `batch` each channel over the nodes of a batch, `layer` each node over its
 * channels (PyTorch's LayerNorm), `graph-layer` each graph over nodes and channels (PyTorch Geometric's LayerNorm as it
 * is by default), `graph` each channel over the nodes of a graph (GraphNorm).
 */
export const normKinds = ['batch', 'layer', 'graph-layer', 'graph'] as const;
export type NormKind = (typeof normKinds)[number];

/** How the layers' outputs go into the readout together: side by side, the largest of each channel, or their sum. */
export const jumpings = ['cat', 'max', 'sum'] as const;
export type Jumping = (typeof jumpings)[number];

/** How a node's neighbours are put together. */
export const aggregators = ['sum', 'mean', 'max'] as const;
export type Aggregator = (typeof aggregators)[number];

/** What GCN divides messages by: the roots of the degrees of both ends, the degree of the receiver, nothing. */
export const normalisations = ['both', 'right', 'none'] as const;
export type Normalisation = (typeof normalisations)[number];

/**
 * A model of the usual shape has equally wide layers of one kind with a ReLU behind each, one readout of the last layer
 * and one linear layer behind that. The parts from `widths` on say in what a model differs from it, and are absent where
 * it does not.
 */
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
  /** Channels that each layer gives, where they are not all `hidden`; `hidden` is then those of the last one. */
  readonly widths?: readonly number[];
  /** Whether a linear layer makes channels of the features before the first layer. Default false. */
  readonly encoder?: boolean;
  /** Whether an activation follows that linear layer. Default false. */
  readonly encoderActivation?: boolean;
  /** Default `relu`. */
  readonly activation?: Activation;
  /** Whether an activation follows the last layer. Default true. */
  readonly lastActivation?: boolean;
  /** Kind of the layers' normalisation, where it is not BatchNorm or none. */
  readonly norm?: NormKind;
  /** Whether the layers' normalisation comes behind the activation. Default false: between layer and activation. */
  readonly normBehindActivation?: boolean;
  /** Whether a layer's input is added to its output. Default false. */
  readonly residual?: boolean;
  /** How layers go into the readout together. Default: the last one alone does. */
  readonly jumping?: Jumping;
  /** Whether with `jumping` the features are read as well, as if a layer gave them. Default false. */
  readonly jumpingInput?: boolean;
  /** A second readout of the same, whose channels come behind those of the first. Default: none. */
  readonly secondReadout?: Readout;
  /** Linear layers behind the readout, the one that gives the classes included. Default 1. */
  readonly head?: number;
  /** How neighbours are put together. Default: sum for GIN, mean for GraphSAGE; others weigh them. */
  readonly aggregator?: Aggregator;
  /** Of GCN. Default `both`. */
  readonly normalisation?: Normalisation;
  /** Whether nodes count among their neighbours. Default: as PyTorch Geometric has it, true for GCN, GAT and GATv2. */
  readonly selfLoops?: boolean;
  /** Whether the last layer takes the mean of its attention heads. Default false: heads side by side. */
  readonly headsAveraged?: boolean;
  /**
   * Of models that embed whole numbers in place of taking features, as those of OGB do: places in the table of each
   * number of a node, `[inputs]`. Default: features are taken as they are.
   */
  readonly embeddings?: readonly number[];
  /** The same of an edge, in tables that each layer has for itself. Default: edges have no features. */
  readonly edgeEmbeddings?: readonly number[];
  /** Whether all nodes of a graph exchange messages with a virtual one. Default false. */
  readonly virtualNode?: boolean;
  /** Whether the model gives one number, the score of class 1 against a score of 0 for class 0. Default false. */
  readonly oneOutput?: boolean;
}

export interface TensorSummary {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
}

/** File formats by what people call them. */
export const modelFormats = {
  'pytorch-zip': 'PyTorch (zip)',
  'pytorch-legacy': 'PyTorch (before 1.6)',
  'pytorch-tar': 'PyTorch (before 0.1.10)',
  torchscript: 'TorchScript',
  safetensors: 'Safetensors',
  sharded: 'Index of sharded weights',
  numpy: 'NumPy array',
  npz: 'NumPy archive',
  pickle: 'Pickle',
  onnx: 'ONNX',
  'keras-hdf5': 'Keras (HDF5)',
  keras: 'Keras',
  'tfjs-layers': 'TensorFlow.js',
} as const;
export type ModelFormat = keyof typeof modelFormats;

/**
 * How names of model files end, behind a dot; the manifest's menus list the same. Those with a dot in them belong to
 * models of several files.
 */
export const modelExtensions = [
  'pt',
  'pth',
  'ckpt',
  'bin',
  'safetensors',
  'pkl',
  'pickle',
  'npy',
  'npz',
  'joblib',
  'onnx',
  'h5',
  'hdf5',
  'keras',
  'safetensors.index.json',
  'bin.index.json',
] as const;

/** What TensorFlow.js calls a model, whatever the model is called, and what its purified copy is called. */
const tensorFlowName = /^model\.(.*\.)?json$/i;

/** Files that may be models, as a pattern of paths below any folder. VS Code reads no braces within braces. */
export const modelGlob = `**/{model.json,model.*.json,${modelExtensions.map((extension) => `*.${extension}`).join(',')}}`;

/**
 * The ending of a model file's name with its dot, such as `.pt` or `.safetensors.index.json`; undefined for names that
 * are none of a model.
 */
export function modelEnding(name: string): string | undefined {
  const endings: string[] = modelExtensions.filter((extension) => name.toLowerCase().endsWith(`.${extension}`));
  if (tensorFlowName.test(name)) endings.push('json');
  if (endings.length === 0) return undefined;
  return name.slice(-1 - Math.max(...endings.map(({ length }) => length)));
}
