/** A trigger: a small subgraph and how it is put into a host graph. */
export interface Trigger {
  /** Number of trigger nodes. */
  readonly nodes: number;
  /** Undirected edges between trigger nodes 0..nodes-1; null keeps the host's own edges. */
  readonly edges: readonly (readonly [number, number])[] | null;
  /** One label column per trigger node; null keeps the host's labels. */
  readonly labels: readonly number[] | null;
  readonly placement: Placement;
  /** Trigger edges take the place of the chosen nodes' induced edges (true) or are added to them. */
  readonly replace: boolean;
}

/**
 * How host nodes are chosen: uniformly, by highest degree, breadth-first from the node of highest degree,
 * or by lowest degree. Ties go to the smaller node id.
 */
export type Placement = 'random' | 'degree' | 'bfs' | 'low-degree';
