import type * as tf from '@tensorflow/tfjs-core';
import type { LayerOutput } from '../gnn/layerOutput';
import type { GraphBatch } from '../graph/batch';
import type { Rng } from '../graph/rng';
import { attentionLoss, attentionMaps, type AttentionOptions } from './attention';
import type { LossTerm } from './descent';
import type { AttentionSettings, GuidanceOptions } from './graphnadSettings';
import { Projections, relationLoss, relationMatrices } from './relation';

/** What a frozen teacher shows on one batch, computed once: attention maps, and relation matrices of some graphs. */
export interface Guidance {
  readonly maps: readonly tf.Tensor1D[];
  /** Graphs that the relation matrices belong to. */
  readonly chosen: Int32Array;
  readonly relations: readonly tf.Tensor3D[];
}

/**
 * Evaluates the teacher's side of L_AD and L_RC. The caller disposes the tensors.
 *
 * @param layers the teacher's layer outputs on the batch
 */
export function guide(layers: readonly LayerOutput[], batch: GraphBatch, options: GuidanceOptions, rng: Rng): Guidance {
  const chosen = rng.permutation(batch.graphCount).slice(0, options.relationGraphs).sort();
  return {
    maps: options.attentionWeight > 0 ? attentionMaps(layers, batch, attentionOf(options)) : [],
    chosen,
    relations: options.relationWeight > 0 ? relationMatrices(layers, batch, chosen) : [],
  };
}

/**
 * alpha L_AD and, at every `relationEvery`-th step, beta L_RC times that number.
 *
 * @param layers the student's layer outputs on the batch of the guidance
 * @param step counts the student's steps
 */
export function guidanceTerms(
  layers: readonly LayerOutput[],
  batch: GraphBatch,
  guidance: Guidance,
  step: number,
  options: GuidanceOptions,
  rng: Rng,
): LossTerm[] {
  const { attentionWeight, relationWeight, relationDirections, relationEvery } = options;
  const terms: LossTerm[] = [];
  if (attentionWeight > 0) {
    const maps = attentionMaps(layers, batch, attentionOf(options));
    const value = attentionLoss(maps, guidance.maps, batch.graphCount);
    terms.push({ name: 'attention', weight: attentionWeight, value });
  }
  if (relationWeight > 0 && step % relationEvery === 0) {
    const projections = new Projections(relationDirections, rng);
    // Drawn even for a model of one layer, which has no relations: what is drawn later must not depend on that.
    projections.of(layers[0].rows.shape[1]);
    const matrices = relationMatrices(layers, batch, guidance.chosen);
    const value = relationLoss(matrices, guidance.relations, (width) => projections.of(width));
    terms.push({ name: 'relation', weight: relationWeight * relationEvery, value });
  }
  return terms;
}

/** Which attention maps the settings ask for. */
export function attentionOf({ attentionPower, attentionWeighting }: AttentionSettings): AttentionOptions {
  return { power: attentionPower, weighting: attentionWeighting };
}
