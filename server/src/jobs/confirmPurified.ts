import type { GraphModel } from '../gnn/graphModel';
import { tookStatisticsFrom } from '../scan/signals/trainingTraces';
import { graphsOf, type CleanData } from './cleanData';
import type { Confirmation, PurifiedWith } from './purifiedWith';

/**
 * Holds the claim against the model. It cannot be confirmed or refuted by other data, nor of a model whose last layer's output
 * comes from no BatchNorm.
 *
 * @throws the signal's reason once it is aborted
 */
export async function confirmPurified(
  { dataHash, features, cleanIds }: PurifiedWith,
  model: GraphModel,
  data: CleanData,
  signal?: AbortSignal,
): Promise<Confirmation> {
  const isOfThese = dataHash === data.dataset.hash && features === data.features;
  if (!isOfThese || model.lastNorm === undefined) return 'unknown';
  if (cleanIds.length < 2 || cleanIds.some((id) => id >= data.graphs.length)) return 'refuted';
  const clean = graphsOf(data.graphs, cleanIds);
  return (await tookStatisticsFrom({ model, clean, layout: data.layout, signal })) ? 'confirmed' : 'refuted';
}
