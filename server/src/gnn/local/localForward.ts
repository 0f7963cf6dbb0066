import * as tf from '@tensorflow/tfjs-core';
import { collate, type GraphBatch } from '../../graph/batch';
import type { GraphEdit } from '../../graph/edit';
import type { FeatureLayout, Graph } from '../../graph/graph';
import { hostLoop } from '../../tensor/hostMemory';
import { sparseProduct } from '../../tensor/sparseProduct';
import type { Bounds } from '../forward';
import type { GinModel } from '../gin';
import { FrozenGin } from './frozenGin';
import { batchGathering, regionGathering, type RegionGathering } from './gatherMatrix';
import { RegionFinder, type Region } from './region';

/** An edited version of one of the graphs. */
export interface EditedGraph {
  /** Index of the graph. */
  readonly graph: number;
  readonly edit: GraphEdit;
}

/** Edits are answered together until they reach so many nodes. */
const nodesAtOnce = 8192;

/**
 * Logits of a frozen GIN on edited versions of graphs, computed locally: a node's row in layer l depends on nodes at most
 * l edges away, so an edit changes only the rows of nodes that near; all others are taken from a pass over the unchanged
 * graphs, whose rows are kept. Readouts are updated by the difference that the changed rows make to the sums of that
 * pass, in float64, so that no error grows from query to query.
 *
 * The cost of a query is bounded by the neighbourhoods that the edit reaches (nodes within L edges of it and their
 * neighbours, for L layers), whatever the size of the graph. Near a hub these can be most of the graph; then the cost
 * is that of a full pass.
 *
 * What is kept takes 4 bytes * nodes * (features + (layers - 1) * hidden) as tensors and 4 bytes * nodes * classes in
 * host memory, beside the batch. The model's weights are copied; later changes to the model do not show. Call `dispose`
 * when done.
 */
export class LocalForward {
  private readonly gin: FrozenGin;
  private readonly batch: GraphBatch;
  private readonly finder: RegionFinder;
  /** Features, and outputs of all layers but the last, `[nodes, width]`. */
  private readonly rows: tf.Tensor2D[];
  /** What each node adds to the logits, `[nodes, classes]`. */
  private readonly contributions: Float32Array;
  /** Sum of the contributions of each graph's nodes, `[graphs, classes]`. */
  private readonly sums: Float64Array;

  /**
   * Runs the model on the unchanged graphs.
   *
   * @param graphs at least one
   * @throws RangeError when the features are not as wide as the model's first layer
   */
  constructor(model: GinModel, graphs: readonly Graph[], layout: FeatureLayout, options: { bounds?: Bounds } = {}) {
    const { inputs, layers } = model.architecture;
    if (layout.width !== inputs) {
      throw new RangeError(`the model takes ${inputs} features a node, the graphs have ${layout.width}`);
    }
    this.batch = collate(graphs, layout);
    this.finder = new RegionFinder(this.batch, layers);
    this.gin = new FrozenGin(model, options.bounds);
    this.rows = [tf.tensor2d(this.batch.features, [this.batch.nodeCount, inputs])];
    this.gin.layers.forEach(({ selfWeight, limits }, layer) => {
      const gathering = batchGathering(this.batch, selfWeight);
      this.rows.push(
        tf.tidy(() => this.gin.layerOutput(layer, sparseProduct(gathering, this.rows[layer], limits.aggregated))),
      );
    });
    const outputs = this.rows.pop() as tf.Tensor2D;
    this.contributions = takeValues(this.gin.contributions(outputs));
    outputs.dispose();
    this.sums = sumByGraph(this.contributions, this.batch.nodeOffsets, this.gin.classes);
  }

  /**
   * Logits of edited graphs. The edits are independent of each other: each is of an unchanged graph.
   *
   * @returns row-major `[edited, classes]`
   * @throws RangeError for an edit that does not fit its graph
   */
  logits(edited: readonly EditedGraph[]): Float32Array {
    const { classes } = this.gin;
    const result = new Float32Array(edited.length * classes);
    let regions: Region[] = [];
    let nodes = 0;
    edited.forEach(({ graph, edit }, i) => {
      const region = this.finder.find(graph, edit);
      regions.push(region);
      nodes += region.nodes.length;
      if (nodes < nodesAtOnce && i + 1 < edited.length) return;
      result.set(this.readLogits(regions, this.changedContributions(regions)), (i + 1 - regions.length) * classes);
      regions = [];
      nodes = 0;
    });
    return result;
  }

  dispose(): void {
    this.gin.dispose();
    tf.dispose(this.rows);
  }

  /** New contributions of the regions' nodes, region by region, `[nodes, classes]`. */
  private changedContributions(regions: readonly Region[]): Float32Array {
    const { inputs, layers } = this.gin;
    if (regions.every(({ nodes }) => nodes.length === 0)) return new Float32Array(0);
    const features = regions.flatMap((region) => region.features);
    const contributions = tf.tidy(() => {
      let changed: tf.Tensor2D | undefined;
      if (features.length > 0) changed = tf.tensor2d(joined(features), [features.length, inputs]);
      layers.forEach(({ selfWeight, limits }, layer) => {
        const gathering = regionGathering(regions, layer + 1, this.batch.nodeCount, selfWeight);
        if (gathering.kept.shape[0] === 0) return;
        const aggregated = gather(gathering, this.rows[layer], changed, limits.aggregated);
        changed = this.gin.layerOutput(layer, aggregated);
      });
      return this.gin.contributions(changed as tf.Tensor2D);
    });
    return takeValues(contributions);
  }

  /**
   * Logits from the sums of the unchanged graphs and the difference that the changed rows make.
   *
   * @param changed new contributions, `[nodes of all regions, classes]`
   */
  private readLogits(regions: readonly Region[], changed: Float32Array): Float32Array {
    const { nodeOffsets, nodeCount } = this.batch;
    const { classes, readout, outputBias } = this.gin;
    const logits = new Float32Array(regions.length * classes);
    let row = 0;
    regions.forEach(({ graph, appended, nodes }, r) => {
      const sums = this.sums.slice(graph * classes, (graph + 1) * classes);
      for (const node of nodes) {
        for (let c = 0; c < classes; c++) {
          sums[c] += changed[row * classes + c] - (node < nodeCount ? this.contributions[node * classes + c] : 0);
        }
        row++;
      }
      const size = nodeOffsets[graph + 1] - nodeOffsets[graph] + appended;
      const divisor = readout === 'sum' ? 1 : Math.max(1, size);
      sums.forEach((sum, c) => (logits[r * classes + c] = sum / divisor + outputBias[c]));
    });
    return logits;
  }
}

/** The values of a tensor that is needed no more. */
function takeValues(tensor: tf.Tensor): Float32Array {
  const values = tensor.dataSync<'float32'>();
  tensor.dispose();
  return values;
}

/** Aggregated rows, within bounds: from kept rows and, where there are any, changed ones. */
function gather(
  gathering: RegionGathering,
  kept: tf.Tensor2D,
  changed: tf.Tensor2D | undefined,
  upper?: Float32Array,
): tf.Tensor2D {
  if (changed === undefined) return sparseProduct(gathering.kept, kept, upper);
  const parts = [sparseProduct(gathering.kept, kept), sparseProduct(gathering.changed, changed)];
  // The JavaScript backend's own addition takes longer than all the rest of a query.
  const [sum] = hostLoop(parts, [parts[0].shape], ([fromKept, fromChanged], [values]) => {
    for (let i = 0; i < values.length; i++) values[i] = fromKept[i] + fromChanged[i];
    if (upper === undefined) return;
    for (let row = 0; row < values.length; row += upper.length) {
      for (let j = 0; j < upper.length; j++) values[row + j] = Math.min(values[row + j], upper[j]);
    }
  });
  return sum as tf.Tensor2D;
}

function joined(rows: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(rows.reduce((length, row) => length + row.length, 0));
  let length = 0;
  for (const row of rows) {
    all.set(row, length);
    length += row.length;
  }
  return all;
}

/** Sums of the rows of each graph, in float64, `[graphs, width]`. */
function sumByGraph(rows: Float32Array, nodeOffsets: Int32Array, width: number): Float64Array {
  const graphs = nodeOffsets.length - 1;
  const sums = new Float64Array(graphs * width);
  for (let g = 0; g < graphs; g++) {
    for (let i = nodeOffsets[g] * width; i < nodeOffsets[g + 1] * width; i++) sums[g * width + (i % width)] += rows[i];
  }
  return sums;
}
