import * as tf from '@tensorflow/tfjs-core';
import type { FeatureLayout, Graph } from '../graph/graph';
import { nodeContributions, type Bounds, type LayerBounds, type Site } from './forward';
import type { GinModel } from './gin';
import { batches } from './predict';

export type { Bounds } from './forward';

export interface BoundsOptions {
  /** Quantile over nodes at which activations are cut off, in [0, 1]. Default 0.99. */
  readonly quantile?: number;
  /** Which activations to bound. Default: all three. */
  readonly sites?: readonly Site[];
  /** Quantiles over nodes of each node's contribution to the logits. Default: contributions are not bounded. */
  readonly contributions?: readonly [low: number, high: number];
}

/**
 * Measures what clean graphs need: per layer and channel a quantile of the activations over nodes, and then, with these
 * bounds in force, quantiles of each node's contribution to the logits, centred over classes.
 *
 * @param graphs clean graphs, at least one node in all
 */
export function measureBounds(
  model: GinModel,
  graphs: readonly Graph[],
  layout: FeatureLayout,
  options: BoundsOptions = {},
): Bounds {
  const { quantile = 0.99, sites = ['aggregated', 'hidden', 'output'], contributions } = options;
  const { layers } = model.architecture;
  const seen = Array.from({ length: layers }, () => new Map<Site, Float32Array[]>(sites.map((site) => [site, []])));
  for (const batch of batches(graphs, layout)) {
    tf.tidy(() => {
      model.forward(batch, {
        record: (site, layer, activations) => seen[layer].get(site)?.push(activations.dataSync<'float32'>()),
      });
    });
  }
  const nodes = graphs.reduce((sum, graph) => sum + graph.nodeCount, 0);
  const bounded = seen.map((bySite): LayerBounds =>
    Object.fromEntries([...bySite].map(([site, parts]) => [site, columnQuantiles(parts, nodes, quantile)])),
  );
  if (contributions === undefined) return { layers: bounded };
  const parts: Float32Array[] = [];
  for (const batch of batches(graphs, layout)) {
    tf.tidy(() => {
      const outputs = model.forward(batch, { bounds: { layers: bounded } }).layers;
      parts.push(nodeContributions(outputs[layers - 1], model.outputWeight).dataSync<'float32'>());
    });
  }
  const [low, high] = contributions.map((q) => columnQuantiles(parts, nodes, q));
  return { layers: bounded, contributions: { low, high } };
}

/**
 * Quantile of each column with linear interpolation, as `torch.quantile`.
 *
 * @param parts rows of one matrix, in pieces `[some rows, columns]`
 * @param rows number of rows of all pieces
 */
function columnQuantiles(parts: readonly Float32Array[], rows: number, quantile: number): Float32Array {
  const columns = parts.reduce((sum, part) => sum + part.length, 0) / rows;
  const column = new Float32Array(rows);
  return Float32Array.from({ length: columns }, (_, j) => {
    let row = 0;
    for (const part of parts) for (let i = j; i < part.length; i += columns) column[row++] = part[i];
    column.sort();
    const position = quantile * (rows - 1);
    const below = Math.floor(position);
    const above = Math.min(below + 1, rows - 1);
    return column[below] + (position - below) * (column[above] - column[below]);
  });
}
