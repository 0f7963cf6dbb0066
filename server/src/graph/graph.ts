/** An attributed, undirected, labelled graph as graph classifiers see it. */
export interface Graph {
  readonly nodeCount: number;
  /** Undirected edges `[u0, v0, u1, v1, ...]` with u < v, sorted, each once, no self-loops. */
  readonly edges: Int32Array;
  /** Column of each node's label in the one-hot block, `[nodeCount]`; empty where features hold no labels. */
  readonly nodeLabels: Int32Array;
  /** Row-major `[nodeCount, attributeWidth]`; empty where features hold no attributes. */
  readonly attributes: Float32Array;
  /** Class, renumbered from 0. */
  readonly classLabel: number;
}

/** How the feature matrix of a batch is made from its graphs: attributes first, then one-hot labels, as in PyTorch Geometric. */
export interface FeatureLayout {
  readonly kind: 'labels' | 'labels-dense' | 'labels+attributes' | 'attributes' | 'degree' | 'constant';
  /** Number of columns of the feature matrix. */
  readonly width: number;
  readonly attributeWidth: number;
  /** Columns of the one-hot label block (0 for none). */
  readonly labelColumns: number;
}
