/** A trigger: a small subgraph and how it is put into a host graph. */
export interface Trigger {
  /** Number of trigger nodes. */
  readonly nodes: number;
  /** Undirected edges between trigger nodes 0..nodes-1; null keeps the host's own edges. */
  readonly edges: readonly (readonly [number, number])[] | null;
  /** One label column per trigger node; null keeps the host's labels. */
  readonly labels: readonly number[] | null;
  /** One attribute row per trigger node; absent or null keeps the host's attributes. */
  readonly attributes?: readonly (readonly number[])[] | null;
  readonly placement: Placement;
  /** Trigger edges take the place of the chosen nodes' induced edges (true) or are added to them. */
  readonly replace: boolean;
  /**
   * `new-nodes`: the trigger's nodes are appended to the host, and its node 0 is linked by one edge to one host node
   * chosen by `placement`. Absent: the trigger is laid over chosen host nodes.
   */
  readonly attach?: 'new-nodes';
}

/**
 * How host nodes are chosen: uniformly, by highest degree, breadth-first from the node of highest degree,
 * or by lowest degree. Ties go to the smaller node id.
 */
export type Placement = 'random' | 'degree' | 'bfs' | 'low-degree';

export const placements: readonly Placement[] = ['random', 'degree', 'bfs', 'low-degree'];
