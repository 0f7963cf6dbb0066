import type { FeatureChoice, FeatureKind } from '../../../protocol/model';
import type { Dataset } from '../dataset/dataset';
import { encodeDataset, FeatureMismatchError, fittingFeatureKinds } from '../dataset/features';
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
 * Loads a data set and makes node features of the width the model takes.
 *
 * @param folder TU folder
 * @param inputs feature columns the model's first layer takes
 * @param choice `auto` (default) takes the first kind that fits
 * @throws DatasetError, FeatureMismatchError
 */
export async function loadCleanData(
  folder: string,
  inputs: number,
  choice: FeatureChoice = 'auto',
): Promise<CleanData> {
  const dataset = await loadDataset(folder);
  const features = choice === 'auto' ? fittingFeatureKinds(dataset, inputs).at(0) : choice;
  if (features === undefined) throw FeatureMismatchError.forDataset(dataset, inputs);
  return { dataset, features, ...encodeDataset(dataset, features, inputs) };
}

/** The graphs with these ids, in their order. */
export function graphsOf(graphs: readonly Graph[], ids: readonly number[]): Graph[] {
  return ids.map((id) => graphs[id]);
}
