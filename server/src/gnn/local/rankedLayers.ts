import type * as tf from '@tensorflow/tfjs-core';
import type { GraphBatch } from '../../graph/batch';
import { valuesOf } from '../../tensor/valuesOf';
import { ChannelMaxima } from './channelMaxima';
import type { Region } from './region';
import { joined } from './rows';

/** Channel maxima of every layer, for graphs of which regions changed. */
export class RankedLayers {
  private readonly layers: readonly ChannelMaxima[];
  /** Index of each node in the region at work, -1 outside. */
  private readonly positions: Int32Array;

  /** @param outputs of each layer, `[nodes, hidden]`; they stay the caller's */
  constructor(outputs: readonly tf.Tensor2D[], batch: GraphBatch) {
    this.layers = outputs.map((rows) => new ChannelMaxima(rows, batch.nodeOffsets));
    this.positions = new Int32Array(batch.nodeCount).fill(-1);
  }

  /**
   * @param layer counted from 0
   * @param changed its new outputs, region by region
   * @returns `[regions, hidden]`
   */
  maxima(layer: number, regions: readonly Region[], changed: tf.Tensor2D | undefined): Float32Array {
    const { positions } = this;
    const parts: Float32Array[] = [];
    const values = changed === undefined ? [] : valuesOf(changed);
    let next = 0;
    for (const { graph, nodes, reached } of regions) {
      const count = reached[layer + 1];
      for (let i = 0; i < count; i++) if (nodes[i] < positions.length) positions[nodes[i]] = i;
      const maxima = this.layers[layer].without(graph, (node) => positions[node] >= 0);
      for (let i = 0; i < count; i++) {
        if (nodes[i] < positions.length) positions[nodes[i]] = -1;
        for (let j = 0; j < maxima.length; j++, next++) if (values[next] > maxima[j]) maxima[j] = values[next];
      }
      parts.push(maxima);
    }
    return joined(parts);
  }
}
