import type { GraphBatch } from '../../graph/batch';
import type { GraphEdit } from '../../graph/edit';

interface Change {
  readonly removed: number[];
  readonly added: number[];
}

/**
 * Neighbours of a batch's nodes after one of its graphs is edited, without a changed copy of the batch. Nodes go by
 * their number in the batch; appended ones count on from its last.
 */
export class NeighbourChanges {
  private readonly first: number;
  private readonly hosts: number;
  private readonly changes = new Map<number, Change>();

  /**
   * @param graph index of the edited graph in the batch
   * @throws RangeError for an edit that does not fit the graph: a node or a label that does not exist, features in the
   *   wrong number, an edge to remove that is missing, or one to add that is there
   */
  constructor(
    private readonly batch: GraphBatch,
    graph: number,
    private readonly edit: GraphEdit,
  ) {
    if (!(graph >= 0 && graph < batch.graphCount)) {
      throw new RangeError(`there is no graph ${graph}, only ${batch.graphCount}`);
    }
    this.first = batch.nodeOffsets[graph];
    this.hosts = batch.nodeOffsets[graph + 1] - this.first;
    this.requireFeatures();
    eachPair(edit.removedEdges, (u, v) => this.remove(this.numberOf(u), this.numberOf(v)));
    eachPair(edit.addedEdges, (u, v) => this.add(this.numberOf(u), this.numberOf(v)));
  }

  /** Number in the batch of a node of the edited graph. */
  numberOf(node: number): number {
    if (!(node >= 0 && node < this.hosts + this.edit.appended)) {
      throw new RangeError(`there is no node ${node} among the ${this.hosts} and ${this.edit.appended} appended`);
    }
    return node < this.hosts ? this.first + node : this.batch.nodeCount + (node - this.hosts);
  }

  /** The nodes that lose or get edges. */
  ends(): Iterable<number> {
    return this.changes.keys();
  }

  /** Number of neighbours after the edit. */
  degree(node: number): number {
    const change = this.changes.get(node);
    const before = node < this.batch.nodeCount ? this.batch.degrees[node] : 0;
    return before + (change?.added.length ?? 0) - (change?.removed.length ?? 0);
  }

  /** Adds a node's neighbours after the edit to a list. */
  appendNeighbours(node: number, list: number[]): void {
    const { nodeCount, rowOffsets, columns } = this.batch;
    const change = this.changes.get(node);
    if (node < nodeCount) {
      const removed = change !== undefined && change.removed.length > 0 ? new Set(change.removed) : undefined;
      for (let k = rowOffsets[node]; k < rowOffsets[node + 1]; k++) {
        if (!removed?.has(columns[k])) list.push(columns[k]);
      }
    }
    if (change !== undefined) list.push(...change.added);
  }

  private remove(u: number, v: number): void {
    if (!this.isInBatch(u, v)) throw new RangeError('an edge to remove is not in the graph');
    this.changeOf(u).removed.push(v);
    this.changeOf(v).removed.push(u);
  }

  private add(u: number, v: number): void {
    if (this.isInBatch(u, v)) throw new RangeError('an edge to add is in the graph already');
    this.changeOf(u).added.push(v);
    this.changeOf(v).added.push(u);
  }

  private changeOf(node: number): Change {
    const known = this.changes.get(node);
    if (known !== undefined) return known;
    const change = { removed: [], added: [] };
    this.changes.set(node, change);
    return change;
  }

  /** A binary search: `collate` puts each node's neighbours in ascending order. */
  private isInBatch(u: number, v: number): boolean {
    const { nodeCount, rowOffsets, columns } = this.batch;
    if (u >= nodeCount || v >= nodeCount) return false;
    let low = rowOffsets[u];
    let high = rowOffsets[u + 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (columns[middle] < v) low = middle + 1;
      else high = middle;
    }
    return low < rowOffsets[u + 1] && columns[low] === v;
  }

  private requireFeatures(): void {
    const { nodes, nodeLabels, attributes, appended } = this.edit;
    const { attributeWidth, labelColumns } = this.batch.layout;
    if (nodeLabels.length > 0 && nodeLabels.length !== nodes.length) {
      throw new RangeError(`${nodeLabels.length} labels are given for ${nodes.length} nodes`);
    }
    if (attributes.length > 0 && attributes.length !== nodes.length * attributeWidth) {
      throw new RangeError(`${attributes.length} attributes are given for ${nodes.length} nodes of ${attributeWidth}`);
    }
    if (labelColumns > 0 && nodeLabels.some((label) => !(label >= 0 && label < labelColumns))) {
      throw new RangeError(`a label is given that is not among the ${labelColumns} columns`);
    }
    const lacking = (labelColumns > 0 && nodeLabels.length === 0) || (attributeWidth > 0 && attributes.length === 0);
    if (appended > 0 && lacking) throw new RangeError('appended nodes are given no features');
  }
}

function eachPair(edges: Int32Array, visit: (u: number, v: number) => void): void {
  for (let i = 0; i < edges.length; i += 2) visit(edges[i], edges[i + 1]);
}
