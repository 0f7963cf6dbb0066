/** An attributed, undirected, labelled graph as graph classifiers see it. */
export interface Graph {
  readonly nodeCount: number;
  /** Undirected edges `[u0, v0, u1, v1, ...]` with u < v, sorted, each once, no self-loops. */
  readonly edges: Int32Array;
  /** Column of each node's label in the one-hot block, `[nodeCount]`; empty where features hold no labels. */
  readonly nodeLabels: Int32Array;
  /** Row-major `[nodeCount, attributeWidth]`; empty where features hold no attributes. */
  readonly attributes: Float32Array;
  /**
   * Row of each edge in {@link FeatureLayout.edgeRows}, `[edges]`; absent where edges have no features. Row 0 is the most
   * frequent one of the data set, which edges get that nobody gives features.
   */
  readonly edgeLabels?: Int32Array;
  /** Class, renumbered from 0. */
  readonly classLabel: number;
}

/** How the feature matrix of a batch is made from its graphs: attributes first, then one-hot labels, as in PyTorch Geometric. */
export interface FeatureLayout {
  readonly kind: 'labels' | 'labels-dense' | 'labels+attributes' | 'attributes' | 'embedded' | 'degree' | 'constant';
  /** Number of columns of the feature matrix. */
  readonly width: number;
  readonly attributeWidth: number;
  /** Number of labels that a node may have: columns of the one-hot block (0 for none), or rows of `rows`. */
  readonly labelColumns: number;
  /**
   * Of kind `embedded`: whole numbers that stand for a node's label, row-major `[labelColumns, width]`. A label is one of
   * the distinct rows of the data set, so whatever sets labels gives nodes that occur.
   */
  readonly rows?: Float32Array;
  /** Whole numbers that stand for an edge's label, and how many each edge has; absent where edges have none. */
  readonly edgeRows?: RowTable;
}

/** Distinct rows, numbered from 0. */
export interface RowTable {
  readonly width: number;
  /** Row-major `[rows, width]`. */
  readonly values: Float32Array;
}
