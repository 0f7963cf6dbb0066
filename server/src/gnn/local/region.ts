import type { GraphBatch } from '../../graph/batch';
import type { GraphEdit } from '../../graph/edit';
import { editedFeatures } from './editedFeatures';
import { NeighbourChanges } from './neighbourChanges';

/** The nodes whose rows an edit may change in any layer, and what they gather their rows from. */
export interface Region {
  /** Index of the edited graph in the batch. */
  readonly graph: number;
  /** Number of nodes that the edit appends to it. */
  readonly appended: number;
  /**
   * Nodes of the batch in the order in which the edit reaches them. Appended ones, which come first, have numbers that
   * count on from the batch's last node.
   */
  readonly nodes: readonly number[];
  /** How many of `nodes`, from the first, the edit reaches by layer l, `[layers + 1]`; layer 0 are the features. */
  readonly reached: readonly number[];
  /** New features of the first `reached[0]` nodes. */
  readonly features: readonly Float32Array[];
  /** Start of each node's neighbours in `neighbours`, `[nodes + 1]`. */
  readonly neighbourOffsets: readonly number[];
  /** Neighbours after the edit: ~i for `nodes[i]`, else a node of the batch that is not in the region. */
  readonly neighbours: readonly number[];
}

/**
 * Finds regions in a batch. One search takes time and memory by the neighbourhoods that the edit reaches, not by the
 * batch: the one array over all nodes is kept from search to search.
 */
export class RegionFinder {
  /** Index among the region's nodes of each node of the batch; -1 for those outside, and for all between searches. */
  private positions: Int32Array;

  /** @param layers number of layers of the model */
  constructor(
    private readonly batch: GraphBatch,
    private readonly layers: number,
  ) {
    this.positions = new Int32Array(batch.nodeCount).fill(-1);
  }

  /**
   * @param graph index of the edited graph in the batch
   * @throws RangeError for an edit that does not fit the graph
   */
  find(graph: number, edit: GraphEdit): Region {
    const changes = new NeighbourChanges(this.batch, graph, edit);
    const given = featureChanges(this.batch, changes, edit);
    this.holdAppended(edit.appended);
    const nodes: number[] = [];
    const visit = (node: number): void => {
      if (this.positions[node] >= 0) return;
      this.positions[node] = nodes.length;
      nodes.push(node);
    };
    for (const node of given.keys()) visit(node);
    const reached = [nodes.length];
    for (const node of changes.ends()) visit(node);

    const neighbours: number[] = [];
    const neighbourOffsets = [0];
    let next = 0;
    for (let layer = 1; layer <= this.layers; layer++) {
      for (; next < reached[layer - 1]; next++) {
        changes.appendNeighbours(nodes[next], neighbours);
        for (let k = neighbourOffsets[next]; k < neighbours.length; k++) visit(neighbours[k]);
        neighbourOffsets.push(neighbours.length);
      }
      reached.push(nodes.length);
    }
    for (; next < nodes.length; next++) {
      changes.appendNeighbours(nodes[next], neighbours);
      neighbourOffsets.push(neighbours.length);
    }
    for (let k = 0; k < neighbours.length; k++) {
      const position = this.positions[neighbours[k]];
      if (position >= 0) neighbours[k] = ~position;
    }
    for (const node of nodes) this.positions[node] = -1;
    return {
      graph,
      appended: edit.appended,
      nodes,
      reached,
      features: [...given.values()],
      neighbourOffsets,
      neighbours,
    };
  }

  private holdAppended(count: number): void {
    const needed = this.batch.nodeCount + count;
    if (this.positions.length >= needed) return;
    const kept = this.positions;
    this.positions = new Int32Array(needed + count).fill(-1, kept.length);
    this.positions.set(kept);
  }
}

/** New features of the nodes that have other ones after the edit, appended nodes first. */
function featureChanges(batch: GraphBatch, changes: NeighbourChanges, edit: GraphEdit): Map<number, Float32Array> {
  const { nodeCount, features, layout } = batch;
  const positions = new Map(Array.from(edit.nodes, (node, i) => [changes.numberOf(node), i]));
  const appended = Array.from({ length: edit.appended }, (_, i) => nodeCount + i);
  const found = new Map<number, Float32Array>();
  for (const node of [...appended, ...(layout.kind === 'degree' ? changes.ends() : positions.keys())]) {
    const isAppended = node >= nodeCount;
    const row = editedFeatures(
      batch,
      edit,
      isAppended ? undefined : node,
      positions.get(node) ?? -1,
      changes.degree(node),
    );
    const old = node * layout.width;
    if (isAppended || row.some((value, j) => value !== features[old + j])) found.set(node, row);
  }
  return found;
}
