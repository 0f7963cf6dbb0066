import * as tf from '@tensorflow/tfjs-core';
import type { GraphModel } from '../../gnn/graphModel';
import { batches } from '../../gnn/predict';
import type { FeatureLayout, Graph } from '../../graph/graph';
import { valuesOf } from '../../tensor/valuesOf';
import { pause } from '../modelRuns';

/** Added to what the last BatchNorm gives, so that the ReLU behind it lets everything through. */
const lift = 1024;

/** First and second moments of what the last BatchNorm gives, before its scale, shift and ReLU. */
export interface NormalisedMoments {
  /** Nodes of each graph, `[graphs]`. */
  readonly nodes: Float64Array;
  /** Sums over each graph's nodes of the values, then of their squares, row-major `[graphs, 2 * hidden]`. */
  readonly sums: Float64Array;
  /** `2 * hidden` */
  readonly width: number;
}

export interface MomentsOptions {
  readonly signal?: AbortSignal;
  /** Called for every node that differs from others, with the values and their squares, and how many nodes it is. */
  readonly node?: (moments: Float64Array, count: number) => void;
}

/**
 * Reads the values that the last layer's BatchNorm normalises by its running statistics: over the graphs of the training
 * they have mean 0 and variance 1, whatever these graphs were. Call `dispose` when done.
 */
export class NormalisedOutputs {
  private constructor(private readonly lifted: GraphModel) {}

  /** @returns undefined where it is no BatchNorm that gives the last layer's output */
  static of(model: GraphModel): NormalisedOutputs | undefined {
    if (model.lastNorm === undefined) return undefined;
    const lifted = model.clone();
    const { gamma, beta } = lifted.lastNorm!;
    tf.tidy(() => {
      gamma.assign(tf.ones(gamma.shape));
      beta.assign(tf.fill(beta.shape, lift));
    });
    return new NormalisedOutputs(lifted);
  }

  /** @throws the signal's reason once it is aborted */
  async moments(
    graphs: readonly Graph[],
    layout: FeatureLayout,
    { signal, node }: MomentsOptions = {},
  ): Promise<NormalisedMoments> {
    const { hidden } = this.lifted.architecture;
    const width = 2 * hidden;
    const nodes = new Float64Array(graphs.length);
    const sums = new Float64Array(graphs.length * width);
    let first = 0;
    for (const batch of batches(graphs, layout)) {
      await pause(signal);
      const { logits, layers } = this.lifted.forward(batch);
      const { rows, classes } = layers[layers.length - 1];
      const values = momentsOfRows(valuesOf(rows), hidden);
      logits.dispose();
      for (const layer of layers) layer.rows.dispose();
      for (let g = 0; g < batch.graphCount; g++) {
        const sum = sums.subarray((first + g) * width, (first + g + 1) * width);
        nodes[first + g] = batch.nodeOffsets[g + 1] - batch.nodeOffsets[g];
        for (let v = batch.nodeOffsets[g]; v < batch.nodeOffsets[g + 1]; v++) {
          const row = classes.classOf[v] * width;
          for (let j = 0; j < width; j++) sum[j] += values[row + j];
        }
      }
      if (node) {
        for (let c = 0; c < classes.count; c++) {
          node(values.subarray(c * width, (c + 1) * width), classes.multiplicity[c]);
        }
      }
      first += batch.graphCount;
    }
    return { nodes, sums, width };
  }

  dispose(): void {
    this.lifted.dispose();
  }
}

/** Values less the lift, and their squares, side by side: `[rows, 2 * hidden]`. */
function momentsOfRows(lifted: Float32Array, hidden: number): Float64Array {
  const moments = new Float64Array(2 * lifted.length);
  for (let i = 0; i < lifted.length; i++) {
    const value = lifted[i] - lift;
    const at = Math.floor(i / hidden) * 2 * hidden + (i % hidden);
    moments[at] = value;
    moments[at + hidden] = value * value;
  }
  return moments;
}
