import type { Activation, Aggregator, NormKind, Normalisation } from '../../../../protocol/model';

/**
 * A model of any shape: what is computed, step by step, and of which tensors. Activation functions leave no tensors, so
 * whoever makes a plan says where they are. `ArchitectureSummary` has the readout, `jumping`, `activation` and eps.
 */
export interface ModelPlan {
  /** What stands for a node's whole numbers, in place of features. Default: features are taken as they are. */
  readonly embedding?: EmbeddingTables;
  /** What is made of a node's features before the first layer; often nothing. */
  readonly encoder: readonly Step[];
  readonly layers: readonly PlannedLayer[];
  /** Default: none. */
  readonly virtualNode?: VirtualNodePlan;
  /**
   * What is made of a node's row between the layers, put together where they are, and the readout. Default: nothing. Not
   * together with several output layers.
   */
  readonly joint?: readonly Step[];
  /** What is made of a graph's row between the readout and the output layer; often nothing. */
  readonly head: readonly Step[];
  /**
   * The output layer. With `jumping` `cat` and no head it may be one for each layer that is read, in their order: logits
   * are the sum of what they give (Xu et al. 2019, powerful-gnns). One that gives one number gives the score of class 1
   * against a score of 0 for class 0.
   */
  readonly outputs: readonly [LinearTensors, ...LinearTensors[]];
  /** Tensors that are known and do nothing here, or whose values the architecture has, such as one eps for all layers. */
  readonly constants?: readonly ConstantTensor[];
}

/** A layer: messages, then steps on each node's row. */
export interface PlannedLayer {
  readonly convolution: Convolution;
  readonly steps: readonly Step[];
}

export type Step = LinearStep | NormStep | ActivationStep | ResidualStep;

export interface LinearStep extends LinearTensors {
  readonly step: 'linear';
}

/** A normalisation; which tensors it has depends on its kind and on whether it scales and shifts. */
export interface NormStep {
  readonly step: 'norm';
  readonly kind: NormKind;
  readonly width: number;
  /** Scale, `[width]`. Default: none. */
  readonly scale?: string;
  /** Shift, `[width]`. Default: none. */
  readonly shift?: string;
  /** Running statistics of a BatchNorm, `[width]` each. */
  readonly mean?: string;
  readonly variance?: string;
  /** Batches seen by a BatchNorm, a number; absent where the checkpoint keeps none. */
  readonly counter?: string;
  /** Of GraphNorm: how much of the mean is taken off, `[width]`. */
  readonly meanScale?: string;
  /** Added to the variance. Default 1e-5. */
  readonly epsilon?: number;
}

export interface ActivationStep {
  readonly step: 'activation';
  /** Default: the architecture's. */
  readonly kind?: Activation;
}

/** Adds the layer's input, through a linear layer where its width differs. */
export interface ResidualStep {
  readonly step: 'residual';
  readonly linear?: LinearTensors;
}

/** A linear layer's tensors, by their whole names. */
export interface LinearTensors {
  /** `[outputs, inputs]` */
  readonly weight: string;
  /** `[outputs]`. Default: none. */
  readonly bias?: string;
  readonly inputs: number;
  readonly outputs: number;
  /** The checkpoint keeps the weight as `[inputs, outputs]`. Default false. */
  readonly transposed?: boolean;
  /** Further names under which the checkpoint keeps the same values, and which stay equal. */
  readonly copies?: readonly { readonly weight: string; readonly bias?: string }[];
}

/** A table for each whole number of a node or an edge; what stands for all of them is the sum of one row of each. */
export interface EmbeddingTables {
  readonly width: number;
  /** Tensors `[places, width]`. */
  readonly tables: readonly { readonly name: string; readonly places: number }[];
}

/**
 * A node that is no node of the graph and exchanges messages with all of them (Gilmer et al. 2017), as OGB's examples
 * have it: its row is added to what each layer takes, and between layers made anew of the sum of that and itself. With
 * residual connections the new row comes on top of the old one.
 */
export interface VirtualNodePlan {
  /** Its first row, the same for all graphs, a tensor `[1, width]`. */
  readonly embedding: string;
  readonly width: number;
  /** How its row is made anew behind each layer but the last. */
  readonly updates: readonly (readonly Step[])[];
}

export type Convolution =
  | GinConvolution
  | GcnConvolution
  | SageConvolution
  | GatConvolution
  | Gatv2Convolution
  | EdgeGinConvolution
  | EdgeGcnConvolution;

/** (1 + eps) h plus the sum, mean or maximum of the neighbours' h, with the architecture's eps of the layer. */
export interface GinConvolution {
  readonly kind: 'gin';
  readonly width: number;
  /** Absent where the checkpoint keeps none for this layer alone. */
  readonly eps?: ConstantTensor;
  /** Default `sum`. */
  readonly aggregator?: Aggregator;
  /** A node is one of its neighbours, in place of (1 + eps) h. Default false. */
  readonly selfLoops?: boolean;
}

/** A h W + b. */
export interface GcnConvolution {
  readonly kind: 'gcn';
  readonly linear: LinearTensors;
  /** Default `both`. */
  readonly normalisation?: Normalisation;
  /**
   * Weight of a node among its neighbours. Default 1; 0 for none; 2 for `improved` of PyTorch Geometric, which is the same
   * as 1 in its later versions where edges have no weights.
   */
  readonly selfLoops?: number;
}

/** W_l (aggregated neighbours' h) + W_r h; also `GraphConv` of PyTorch Geometric, with aggregator sum. */
export interface SageConvolution {
  readonly kind: 'sage';
  /** Default `mean`. */
  readonly aggregator?: Aggregator;
  readonly neighbours: LinearTensors;
  /** Default: the own row is not looked at. */
  readonly own?: LinearTensors;
  /** A linear layer and ReLU that neighbours' rows go through before they are put together. Default: none. */
  readonly pool?: LinearTensors;
  /** Rows are divided by their Euclidean norm at the end. Default false. */
  readonly unitRows?: boolean;
}

/** (1 + eps) h plus the sum of ReLU(h_j + e_ij) over neighbours j (Hu et al. 2020, "Strategies for pre-training"). */
export interface EdgeGinConvolution {
  readonly kind: 'edge-gin';
  readonly width: number;
  readonly eps?: ConstantTensor;
  /** What stands for an edge, e_ij. */
  readonly edges: EmbeddingTables;
}

/**
 * With x = W h + b and degrees d that count the node itself: the sum of ReLU(x_j + e_ij) / sqrt(d_i d_j) over neighbours
 * j, plus ReLU(x + r) / d_i, as OGB's examples have it.
 */
export interface EdgeGcnConvolution {
  readonly kind: 'edge-gcn';
  readonly linear: LinearTensors;
  /** r, a tensor `[1, width]`. */
  readonly root: string;
  readonly edges: EmbeddingTables;
}

/** What both kinds of attention have. */
export interface AttentionHeads {
  readonly heads: number;
  /** Channels of each head. */
  readonly width: number;
  /** The mean of the heads in place of all side by side. Default false. */
  readonly averaged?: boolean;
  /** Added to the result, as wide as that. Default: none. */
  readonly bias?: string;
  /** Whether nodes attend to themselves. Default true. */
  readonly selfLoops?: boolean;
}

/** See `edgeAttention`. Slope of the LeakyReLU 0.2. */
export interface GatConvolution extends AttentionHeads {
  readonly kind: 'gat';
  /** `[heads * width, inputs]`, without bias. */
  readonly linear: LinearTensors;
  /** Vectors that score a node as sender and as receiver, `[1, heads, width]`. */
  readonly source: string;
  readonly target: string;
}

/** See `edgeAttentionV2`. Slope of the LeakyReLU 0.2. */
export interface Gatv2Convolution extends AttentionHeads {
  readonly kind: 'gatv2';
  /** What makes a node's features as sender. */
  readonly source: LinearTensors;
  /** As receiver. Default: what makes them as sender. */
  readonly target?: LinearTensors;
  /** `[1, heads, width]` */
  readonly attention: string;
}

/** A tensor that no training changes. */
export interface ConstantTensor {
  readonly name: string;
  readonly shape: readonly number[];
}
