/** A graph as its data set's files give it: original label values, no feature encoding yet. */
export interface RawGraph {
  readonly nodeCount: number;
  /** Undirected edges `[u0, v0, ...]` with u < v, sorted, each once, no self-loops; node ids start at 0 in each graph. */
  readonly edges: Int32Array;
  /** Label of each node as written, `[nodeCount]`; empty where the data set has none. */
  readonly nodeLabels: Int32Array;
  /** Row-major `[nodeCount, attributeWidth]`; empty where the data set has none. */
  readonly attributes: Float32Array;
  /** Row-major `[edges, edgeAttributeWidth]`; absent where the data set has none. */
  readonly edgeAttributes?: Float32Array;
  /** Index into `classNames`. */
  readonly classLabel: number;
}

/** A graph classification data set. */
export interface Dataset {
  readonly name: string;
  readonly rawGraphs: readonly RawGraph[];
  /** The sorted distinct graph labels as written: class c is `classNames[c]`. */
  readonly classNames: readonly string[];
  /** The sorted distinct node labels; empty where there are none. */
  readonly distinctNodeLabels: readonly number[];
  /** Columns of the node attributes; 0 where there are none. */
  readonly attributeWidth: number;
  /** Columns of the edge attributes. Default: 0, there are none. */
  readonly edgeAttributeWidth?: number;
  /** Why there are no edge attributes though a file holds some: few models take them, so others read the rest. */
  readonly edgeProblem?: string;
  /** SHA-256, in hexadecimal, of the contents of the files read, one after the other in name order. */
  readonly hash: string;
}

/** A data set that cannot be read: which file, where in it, and why. */
export class DatasetError extends Error {
  override readonly name = 'DatasetError';

  /**
   * @param file path or name of the file or folder
   * @param reason in plain words, without the place
   * @param line counted from 1, where the reason is in one line
   */
  constructor(
    readonly file: string,
    readonly reason: string,
    readonly line?: number,
  ) {
    super(line === undefined ? `${file}: ${reason}` : `${file}, line ${line}: ${reason}`);
  }
}
