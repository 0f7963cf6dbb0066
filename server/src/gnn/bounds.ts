import * as tf from '@tensorflow/tfjs-core';
import type { FeatureLayout, Graph } from '../graph/graph';
import { nodeContributions, type Bounds, type LayerBounds, type Site } from './forward';
import type { GraphModel } from './graphModel';
import { batches } from './predict';
import { quantileInPlace } from './quantile';

export type { Bounds } from './forward';

export interface BoundsOptions {
  /** Quantile over nodes at which activations are cut off, in [0, 1]. Default 0.99. */
  readonly quantile?: number;
  /** Which activations to bound, as far as the model's layers have them. Default: all three. */
  readonly sites?: readonly Site[];
  /**
   * Quantiles over nodes of each node's contribution to the logits. Default: contributions are not bounded. Of no account
   * where nodes do not contribute to logits one by one, as with readout max.
   */
  readonly contributions?: readonly [low: number, high: number];
}

/**
 * Measures what clean graphs need: per layer and channel a quantile of the activations over nodes, and then, with these
 * bounds in force, quantiles of each node's contribution to the logits, centred over classes.
 *
 * @param graphs clean graphs, at least one node in all
 */
export function measureBounds(
  model: GraphModel,
  graphs: readonly Graph[],
  layout: FeatureLayout,
  options: BoundsOptions = {},
): Bounds {
  const { quantile = 0.99, sites = ['aggregated', 'hidden', 'output'], contributions } = options;
  const { layers } = model.architecture;
  const present = sites.filter((site) => model.sites.includes(site));
  const seen = Array.from({ length: layers }, () => new Map<Site, Part[]>(present.map((site) => [site, []])));
  for (const batch of batches(graphs, layout)) {
    tf.tidy(() => {
      model.forward(batch, {
        record: (site, layer, activations, { multiplicity }) => {
          seen[layer].get(site)?.push({ values: activations.dataSync<'float32'>(), multiplicity });
        },
      });
    });
  }
  const nodes = graphs.reduce((sum, graph) => sum + graph.nodeCount, 0);
  const bounded = seen.map((bySite): LayerBounds =>
    Object.fromEntries([...bySite].map(([site, parts]) => [site, columnQuantiles(parts, nodes, quantile)])),
  );
  if (contributions === undefined || !model.isSumOfNodes) return { layers: bounded };
  const parts: Part[] = [];
  for (const batch of batches(graphs, layout)) {
    tf.tidy(() => {
      const { rows, classes } = model.forward(batch, { bounds: { layers: bounded } }).layers[layers - 1];
      const values = nodeContributions(rows, model.reader.weight).dataSync<'float32'>();
      parts.push({ values, multiplicity: classes.multiplicity });
    });
  }
  const [low, high] = contributions.map((q) => columnQuantiles(parts, nodes, q));
  return { layers: bounded, contributions: { low, high } };
}

/** Some rows of a matrix. */
interface Part {
  /** Row-major `[some rows, columns]`. */
  readonly values: Float32Array;
  /** How many times each row counts, `[some rows]`. */
  readonly multiplicity: Float32Array;
}

/**
 * Quantile of each column with linear interpolation, as `torch.quantile`.
 *
 * @param parts the rows of one matrix, in pieces
 * @param rows number of rows of all pieces, multiplicities counted
 */
function columnQuantiles(parts: readonly Part[], rows: number, quantile: number): Float32Array {
  const columns = parts[0].values.length / parts[0].multiplicity.length;
  const column = new Float32Array(rows);
  return Float32Array.from({ length: columns }, (_, j) => {
    takeColumn(parts, columns, j, column);
    return quantileInPlace(column, quantile);
  });
}

/** @param column receives the values of column j, each as often as its row counts */
function takeColumn(parts: readonly Part[], columns: number, j: number, column: Float32Array): void {
  let filled = 0;
  for (const { values, multiplicity } of parts) {
    for (let r = 0, i = j; r < multiplicity.length; r++, i += columns) {
      const end = filled + multiplicity[r];
      while (filled < end) column[filled++] = values[i];
    }
  }
}
