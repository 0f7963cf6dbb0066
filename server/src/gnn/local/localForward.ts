import * as tf from '@tensorflow/tfjs-core';
import { collate, type GraphBatch } from '../../graph/batch';
import type { GraphEdit } from '../../graph/edit';
import type { FeatureLayout, Graph } from '../../graph/graph';
import { sparseProduct } from '../../tensor/sparseProduct';
import type { Bounds } from '../forward';
import type { GraphModel } from '../graphModel';
import { FrozenGin } from './frozenGin';
import { batchGathering, regionGathering } from './gatherMatrix';
import { RankedLayers } from './rankedLayers';
import { gatherRows, joined, sumByGraph } from './rows';
import { RegionFinder, type Region } from './region';

/** An edited version of one of the graphs. */
export interface EditedGraph {
  /** Index of the graph. */
  readonly graph: number;
  readonly edit: GraphEdit;
}

/** What a model makes of edited graphs. */
export interface LocalAnswer {
  /** Row-major `[edited, classes]`. */
  readonly logits: Float32Array;
  /** Largest output over the nodes of each graph in each layer that was asked for, row-major `[edited, hidden]`. */
  readonly maxima: readonly Float32Array[];
}

/** Edits are answered together until they reach so many nodes. */
const nodesAtOnce = 8192;

/**
 * What a frozen GIN makes of edited versions of graphs, computed locally: a node's row in layer l depends on nodes at
 * most l edges away, so an edit changes only the rows of nodes that near; all others are taken from a pass over the
 * unchanged graphs, whose rows are kept. Readouts are updated by the difference that the changed rows make to the sums
 * of that pass, in float64, so that no error grows from query to query.
 *
 * The cost of a query is bounded by the neighbourhoods that the edit reaches (nodes within L edges of it and their
 * neighbours, for L layers), whatever the size of the graph. Near a hub these can be most of the graph; then the cost
 * is that of a full pass.
 *
 * What is kept takes 4 bytes * nodes * (features + layers * hidden) as tensors and 4 bytes * nodes * (classes + 2) in
 * host memory, beside the batch. The model's weights are copied; later changes to the model do not show. Call `dispose`
 * when done.
 */
export class LocalForward {
  private readonly gin: FrozenGin;
  private readonly batch: GraphBatch;
  private readonly finder: RegionFinder;
  /** Features and outputs of all layers, `[nodes, width]`. */
  private readonly rows: tf.Tensor2D[];
  /** What each node adds to the logits, `[nodes, classes]`. */
  private readonly contributions: Float32Array;
  /** Sum of the contributions of each graph's nodes, `[graphs, classes]`. */
  private readonly sums: Float64Array;
  private rankings: RankedLayers | undefined;

  /** Whether a model is one that this class computes: a GIN of the usual shape with readout sum or mean. */
  static supports({ isUsual, architecture: { kind, readout } }: GraphModel): boolean {
    return isUsual && kind === 'gin' && readout !== 'max';
  }

  /**
   * Runs the model on the unchanged graphs.
   *
   * @param model one that is supported
   * @param graphs at least one
   * @throws RangeError when the features are not as wide as the model's first layer, or for another kind of model
   */
  constructor(model: GraphModel, graphs: readonly Graph[], layout: FeatureLayout, options: { bounds?: Bounds } = {}) {
    const { inputs, layers } = model.architecture;
    if (!LocalForward.supports(model))
      throw new RangeError('a GIN of the usual shape with readout sum or mean was expected');
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
    this.contributions = takeValues(this.gin.contributions(this.rows[layers]));
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
    const logits = new Float32Array(edited.length * classes);
    this.eachGroup(edited, (regions, first) => logits.set(this.run(regions), first * classes));
    return logits;
  }

  /**
   * Logits of edited graphs, and the largest output of each channel of some layers over a graph's nodes.
   *
   * @param asked layers, counted from 0. Default: all
   * @throws RangeError for an edit that does not fit its graph
   */
  logitsAndMaxima(edited: readonly EditedGraph[], asked = this.gin.layers.map((_, layer) => layer)): LocalAnswer {
    const rankings = (this.rankings ??= new RankedLayers(this.rows.slice(1), this.batch));
    const { classes } = this.gin;
    const logits = new Float32Array(edited.length * classes);
    const maxima = asked.map((layer) => new Float32Array(edited.length * this.rows[layer + 1].shape[1]));
    this.eachGroup(edited, (regions, first) => {
      const own = this.run(regions, (layer, changed) => {
        const index = asked.indexOf(layer);
        if (index < 0) return;
        const width = this.rows[layer + 1].shape[1];
        maxima[index].set(rankings.maxima(layer, regions, changed), first * width);
      });
      logits.set(own, first * classes);
    });
    return { logits, maxima };
  }

  dispose(): void {
    this.gin.dispose();
    tf.dispose(this.rows);
  }

  /** Finds what the edits reach, and hands it over in groups that are worth a pass. */
  private eachGroup(edited: readonly EditedGraph[], handle: (regions: readonly Region[], first: number) => void): void {
    let regions: Region[] = [];
    let nodes = 0;
    edited.forEach(({ graph, edit }, i) => {
      const region = this.finder.find(graph, edit);
      regions.push(region);
      nodes += region.nodes.length;
      if (nodes < nodesAtOnce && i + 1 < edited.length) return;
      handle(regions, i + 1 - regions.length);
      regions = [];
      nodes = 0;
    });
  }

  /**
   * Logits of edited graphs by their regions.
   *
   * @param record called with the new outputs of each layer (from 0), region by region; undefined where none are
   */
  private run(
    regions: readonly Region[],
    record?: (layer: number, changed: tf.Tensor2D | undefined) => void,
  ): Float32Array {
    const { inputs, layers } = this.gin;
    const features = regions.flatMap((region) => region.features);
    const contributions = tf.tidy(() => {
      let changed: tf.Tensor2D | undefined;
      if (features.length > 0) changed = tf.tensor2d(joined(features), [features.length, inputs]);
      layers.forEach(({ selfWeight, limits }, layer) => {
        const gathering = regionGathering(regions, layer + 1, this.batch.nodeCount, selfWeight);
        if (gathering.kept.shape[0] > 0) {
          const aggregated = gatherRows(gathering, this.rows[layer], changed, limits.aggregated);
          changed = this.gin.layerOutput(layer, aggregated);
        }
        record?.(layer, changed);
      });
      return changed === undefined ? tf.tensor([]) : this.gin.contributions(changed);
    });
    return this.readLogits(regions, takeValues(contributions));
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
