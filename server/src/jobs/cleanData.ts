import type { FeatureChoice, FeatureKind } from '../../../protocol/model';
import type { Dataset } from '../dataset/dataset';
import { encodeDataset, FeatureMismatchError, fittingFeatureKinds } from '../dataset/features';
import { canBeEmbedded, wholeColumns, type ModelFeatures } from '../dataset/wholeColumns';
import { loadDataset } from '../dataset/loadDataset';
import type { FeatureLayout, Graph } from '../graph/graph';

/** A data set with features that fit a model. */
export interface CleanData {
  readonly dataset: Dataset;
  readonly features: FeatureKind;
  readonly graphs: readonly Graph[];
  readonly layout: FeatureLayout;
}

/**
 * Loads a data set and makes the features that a model takes.
 *
 * @param folder of a data set
 * @param model what its first layer takes, or it embeds
 * @param choice `auto` (default) takes the first kind that fits
 * @throws DatasetError, FeatureMismatchError
 */
export async function loadCleanData(
  folder: string,
  model: ModelFeatures,
  choice: FeatureChoice = 'auto',
): Promise<CleanData> {
  const dataset = await loadDataset(folder);
  const { inputs } = model;
  if (model.embeddings !== undefined || choice === 'embedded') return embeddedData(dataset, model, choice);
  const features = choice === 'auto' ? fittingFeatureKinds(dataset, inputs).at(0) : choice;
  if (features === undefined) throw FeatureMismatchError.forDataset(dataset, inputs);
  return { dataset, features, ...encodeDataset(dataset, features, inputs) };
}

/** @throws FeatureMismatchError where the model does not embed what the data set gives, or is to be given other features */
function embeddedData(dataset: Dataset, model: ModelFeatures, choice: FeatureChoice): CleanData {
  const columns = wholeColumns(dataset);
  const isEmbedded = choice === 'auto' || choice === 'embedded';
  if (!isEmbedded || model.embeddings === undefined || !canBeEmbedded(columns, model)) {
    throw FeatureMismatchError.forEmbedding(dataset.name, columns, model);
  }
  return { dataset, features: 'embedded', ...encodeDataset(dataset, 'embedded', model.inputs) };
}

/** The graphs with these ids, in their order. */
export function graphsOf(graphs: readonly Graph[], ids: readonly number[]): Graph[] {
  return ids.map((id) => graphs[id]);
}
