import type * as tf from '@tensorflow/tfjs-core';
import { valuesOf } from '../../tensor/valuesOf';

/** Nodes of a graph with the largest values of one channel, in descending order. */
interface Ranking {
  readonly nodes: Int32Array;
  readonly values: Float32Array;
}

/** Length of rankings at first, and what they grow by when all their nodes are left out. */
const firstLength = 32;
const growth = 8;

/**
 * The largest value of each channel over the nodes of a graph, when some of them are left out. Rankings of the largest
 * values are kept, so that the answer takes time by the number of nodes left out, not by the graph; only where they hold
 * all of a ranking is the graph read again, for a longer one.
 */
export class ChannelMaxima {
  private readonly width: number;
  /** `[graphs, width]` */
  private readonly rankings: Ranking[];

  /**
   * @param rows one for each node of a batch, `[nodes, width]`; they stay the caller's, and must last
   * @param nodeOffsets start of each graph's nodes, `[graphs + 1]`
   */
  constructor(
    private readonly rows: tf.Tensor2D,
    private readonly nodeOffsets: Int32Array,
  ) {
    this.width = rows.shape[1];
    this.rankings = new Array<Ranking>((nodeOffsets.length - 1) * this.width);
    const values = valuesOf(rows);
    for (let i = 0; i < this.rankings.length; i++) this.rankings[i] = this.rank(values, i, firstLength);
  }

  /**
   * @param isLeftOut tells of a node of the batch
   * @returns `[width]`, -Infinity where all nodes of the graph are left out
   */
  without(graph: number, isLeftOut: (node: number) => boolean): Float32Array {
    const maxima = new Float32Array(this.width).fill(-Infinity);
    const size = this.nodeOffsets[graph + 1] - this.nodeOffsets[graph];
    for (let channel = 0; channel < this.width; channel++) {
      const index = graph * this.width + channel;
      for (let place = 0; place < size; place++) {
        if (place === this.rankings[index].nodes.length) this.lengthen(index);
        const { nodes, values } = this.rankings[index];
        if (isLeftOut(nodes[place])) continue;
        maxima[channel] = values[place];
        break;
      }
    }
    return maxima;
  }

  private lengthen(index: number): void {
    this.rankings[index] = this.rank(valuesOf(this.rows), index, growth * this.rankings[index].nodes.length);
  }

  /** Ranks by insertion: most nodes of a graph are below the last place, and cost one comparison. */
  private rank(rows: Float32Array, index: number, length: number): Ranking {
    const channel = index % this.width;
    const graph = (index - channel) / this.width;
    const end = this.nodeOffsets[graph + 1];
    const places = Math.min(length, end - this.nodeOffsets[graph]);
    const nodes = new Int32Array(places);
    const values = new Float32Array(places);
    let filled = 0;
    for (let node = this.nodeOffsets[graph]; node < end; node++) {
      const value = rows[node * this.width + channel];
      if (filled === places && value <= values[places - 1]) continue;
      let place = filled < places ? filled++ : places - 1;
      for (; place > 0 && values[place - 1] < value; place--) {
        values[place] = values[place - 1];
        nodes[place] = nodes[place - 1];
      }
      values[place] = value;
      nodes[place] = node;
    }
    return { nodes, values };
  }
}
