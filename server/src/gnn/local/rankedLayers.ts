import type * as tf from '@tensorflow/tfjs-core';
import type { GraphBatch } from '../../graph/batch';
import { valuesOf } from '../../tensor/valuesOf';
import { ChannelMaxima } from './channelMaxima';
import type { Region } from './region';
import { joined } from './rows';

/** Channel maxima of every layer, for graphs of which regions changed. */
export class RankedLayers {
  /** Rankings of the layers that were asked for so far. */
  private readonly layers: (ChannelMaxima | undefined)[] = [];
  /** Index of each node in the region at work, -1 outside. */
  private readonly positions: Int32Array;

  /** @param outputs of each layer, `[nodes, hidden]`; they stay the caller's, and must last */
  constructor(
    private readonly outputs: readonly tf.Tensor2D[],
    private readonly batch: GraphBatch,
  ) {
    this.positions = new Int32Array(batch.nodeCount).fill(-1);
  }

  /**
   * @param layer counted from 0
   * @param changed its new outputs, region by region
   * @returns `[regions, hidden]`
   */
  maxima(layer: number, regions: readonly Region[], changed: tf.Tensor2D | undefined): Float32Array {
    const { positions } = this;
    const kept = (this.layers[layer] ??= new ChannelMaxima(this.outputs[layer], this.batch.nodeOffsets));
    const isChanged = (node: number): boolean => positions[node] >= 0;
    const parts: Float32Array[] = [];
    const values = changed === undefined ? [] : valuesOf(changed);
    let next = 0;
    for (const { graph, nodes, reached } of regions) {
      const count = reached[layer + 1];
      for (let i = 0; i < count; i++) if (nodes[i] < positions.length) positions[nodes[i]] = i;
      const maxima = kept.without(graph, isChanged);
      for (let i = 0; i < count; i++) {
        if (nodes[i] < positions.length) positions[nodes[i]] = -1;
        for (let j = 0; j < maxima.length; j++, next++) if (values[next] > maxima[j]) maxima[j] = values[next];
      }
      parts.push(maxima);
    }
    return joined(parts);
  }
}
