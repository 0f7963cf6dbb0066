import * as tf from '@tensorflow/tfjs-core';
import { collate, type GraphBatch } from '../../graph/batch';
import type { GraphEdit } from '../../graph/edit';
import type { FeatureLayout, Graph } from '../../graph/graph';
import { hostLoop } from '../../tensor/hostMemory';
import { SparseMatrix } from '../../tensor/sparseMatrix';
import { multiplyRows } from '../../tensor/sparseProduct';
import type { Bounds } from '../forward';
import type { GinModel } from '../gin';
import { FrozenGin } from './frozenGin';
import { batchGathering, regionGathering } from './gatherMatrix';
import { NodeRows } from './nodeRows';
import { RegionFinder, type Region } from './region';

/** An edited version of one of the graphs. */
export interface EditedGraph {
  /** Index of the graph. */
  readonly graph: number;
  readonly edit: GraphEdit;
}

/** Edits are answered together until they reach so many nodes, and matrix products have no more rows. */
const rowsAtOnce = 8192;

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
 * The kept rows lie in host memory: 4 bytes * nodes * (features + (layers - 1) * hidden + classes), beside the batch.
 * The model's weights are copied; later changes to the model do not show. Call `dispose` when done.
 */
export class LocalForward {
  private readonly gin: FrozenGin;
  private readonly batch: GraphBatch;
  private readonly finder: RegionFinder;
  /** Features, outputs of all layers but the last, and contributions to the logits. */
  private readonly rows: readonly NodeRows[];
  /** Sum of the contributions of each graph's nodes, `[graphs, classes]`. */
  private readonly sums: Float64Array;

  /**
   * Runs the model on the unchanged graphs.
   *
   * @param graphs at least one
   * @throws RangeError when the features are not as wide as the model's first layer
   */
  constructor(model: GinModel, graphs: readonly Graph[], layout: FeatureLayout, options: { bounds?: Bounds } = {}) {
    const { inputs, hidden, classes, layers } = model.architecture;
    if (layout.width !== inputs) {
      throw new RangeError(`the model takes ${inputs} features a node, the graphs have ${layout.width}`);
    }
    this.gin = new FrozenGin(model, options.bounds);
    this.batch = collate(graphs, layout);
    this.finder = new RegionFinder(this.batch, layers);
    const widths = [inputs, ...new Array<number>(layers - 1).fill(hidden), classes];
    this.rows = widths.map((width) => new NodeRows(this.batch.nodeCount, width, rowsAtOnce));
    this.rows[0].values.set(this.batch.features);
    for (let layer = 1; layer <= layers; layer++) {
      this.compute(layer, batchGathering(this.batch, this.gin.layers[layer - 1].selfWeight), 0);
    }
    this.sums = this.sumByGraph();
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
      if (nodes < rowsAtOnce && i + 1 < edited.length) return;
      result.set(this.run(regions), (i + 1 - regions.length) * classes);
      regions = [];
      nodes = 0;
    });
    return result;
  }

  dispose(): void {
    this.gin.dispose();
  }

  private run(regions: readonly Region[]): Float32Array {
    const { nodeCount } = this.batch;
    this.rows.forEach((rows, layer) => {
      rows.reserve(regions.reduce((sum, { reached }) => sum + reached[layer], 0));
    });
    let next = nodeCount * this.gin.inputs;
    for (const row of regions.flatMap(({ features }) => features)) {
      this.rows[0].values.set(row, next);
      next += row.length;
    }
    for (let layer = 1; layer < this.rows.length; layer++) {
      const { selfWeight } = this.gin.layers[layer - 1];
      this.compute(layer, regionGathering(regions, layer, nodeCount, selfWeight), nodeCount);
    }
    return this.readLogits(regions);
  }

  /**
   * Computes rows of a layer, from those of the layer before.
   *
   * @param layer counted from 1; what comes of the last are contributions
   * @param gathering one row for each row to compute
   * @param first where the first of them goes
   */
  private compute(layer: number, gathering: SparseMatrix, first: number): void {
    const source = this.rows[layer - 1];
    const target = this.rows[layer];
    const { aggregated } = this.gin.layers[layer - 1].limits;
    const { shape, rowOffsets, columnIndices, values } = gathering;
    for (let start = 0; start < shape[0]; start += rowsAtOnce) {
      const count = Math.min(rowsAtOnce, shape[0] - start);
      const offsets = rowOffsets.subarray(start, start + count + 1);
      const block = new SparseMatrix([count, shape[1]], offsets, columnIndices, values);
      tf.tidy(() => {
        const [x] = hostLoop([], [[count, source.width]], (_, [gathered]) => {
          multiplyRows(block, source.values, source.width, gathered, aggregated);
        });
        const outputs = this.gin.layerOutput(layer - 1, x as tf.Tensor2D);
        const kept = layer + 1 === this.rows.length ? this.gin.contributions(outputs) : outputs;
        hostLoop([kept], [], ([computed]) => target.values.set(computed, (first + start) * target.width));
      });
    }
  }

  private sumByGraph(): Float64Array {
    const { graphCount, nodeOffsets } = this.batch;
    const { values, width: classes } = this.rows[this.rows.length - 1];
    const sums = new Float64Array(graphCount * classes);
    for (let g = 0; g < graphCount; g++) {
      for (let i = nodeOffsets[g] * classes; i < nodeOffsets[g + 1] * classes; i++) {
        sums[g * classes + (i % classes)] += values[i];
      }
    }
    return sums;
  }

  /** Logits from the sums of the unchanged graphs and the difference that the changed rows make. */
  private readLogits(regions: readonly Region[]): Float32Array {
    const { nodeOffsets, nodeCount } = this.batch;
    const { classes, readout, outputBias } = this.gin;
    const { values } = this.rows[this.rows.length - 1];
    const logits = new Float32Array(regions.length * classes);
    let changed = nodeCount;
    regions.forEach(({ graph, appended, nodes }, r) => {
      const size = nodeOffsets[graph + 1] - nodeOffsets[graph] + appended;
      const divisor = readout === 'sum' ? 1 : Math.max(1, size);
      for (let c = 0; c < classes; c++) {
        let sum = this.sums[graph * classes + c];
        nodes.forEach((node, i) => {
          sum += values[(changed + i) * classes + c];
          if (node < nodeCount) sum -= values[node * classes + c];
        });
        logits[r * classes + c] = sum / divisor + outputBias[c];
      }
      changed += nodes.length;
    });
    return logits;
  }
}
