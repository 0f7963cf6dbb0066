import { attentionMaps, type AttentionOptions } from '../defense/attention';
import type { GraphModel } from '../gnn/graphModel';
import { argmaxRows, batches } from '../gnn/predict';
import type { FeatureLayout, Graph } from '../graph/graph';

/** What a model makes of one graph. */
export interface GraphAttention {
  /** Attention over the nodes of each layer, of unit norm, `[layers][nodes]`. */
  readonly layers: readonly Float32Array[];
  readonly predicted: number;
}

/** The attention that detection looks at: that of GraphNAD with the defaults of its purification (docs/method.md). */
export const usualAttention = { power: 2, weighting: 'propagate' } as const satisfies AttentionOptions;

/**
 * The attention maps of graphs, one after the other, batch by batch.
 *
 * @throws RangeError when the features are not as wide as the model's first layer
 */
export function* graphAttention(
  model: GraphModel,
  graphs: readonly Graph[],
  layout: FeatureLayout,
  options: AttentionOptions = usualAttention,
): Generator<GraphAttention> {
  for (const batch of batches(graphs, layout)) {
    const { logits, layers } = model.forward(batch);
    const maps = attentionMaps(layers, batch, options);
    const values = maps.map((map) => map.dataSync<'float32'>());
    const predicted = argmaxRows(logits.dataSync<'float32'>(), model.architecture.classes);
    const graphsOfBatch = Array.from({ length: batch.graphCount }, (_, g) => ({
      layers: values.map((map) => map.slice(batch.nodeOffsets[g], batch.nodeOffsets[g + 1])),
      predicted: predicted[g],
    }));
    for (const tensor of [logits, ...layers.map(({ rows }) => rows), ...maps]) tensor.dispose();
    yield* graphsOfBatch;
  }
}
