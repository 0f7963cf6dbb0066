import type { FeatureChoice, FeatureKind } from '../../../protocol/model';
import type { Dataset } from '../dataset/dataset';
import { encodeDataset, FeatureMismatchError } from '../dataset/features';
import { loadDataset } from '../dataset/loadDataset';
import { makeSplits, type Splits } from '../graph/splits';
import type { CleanData } from './cleanData';

/** A data set to train a new model on, and to measure it on. */
export interface TrainingData extends CleanData {
  readonly splits: Splits;
}

/**
 * Loads a data set to train a new model on.
 *
 * @param folder TU folder
 * @param choice `auto` takes node labels, where there are none attributes, and else degrees
 * @param seed of the split
 * @throws DatasetError, FeatureMismatchError, SplitError
 */
export async function loadTrainingData(
  folder: string,
  choice: FeatureChoice,
  seed: number,
  testIds: readonly number[] | undefined,
): Promise<TrainingData> {
  const dataset = await loadDataset(folder);
  const features = choice === 'auto' ? richestFeatures(dataset) : choice;
  // Models that are trained here embed nothing.
  if (features === 'embedded') throw FeatureMismatchError.forEmbedding(dataset.name, {}, { inputs: 0 });
  const { graphs, layout } = encodeDataset(dataset, features);
  const splits = makeSplits(
    graphs.map((graph) => graph.classLabel),
    { seed, testIds, dataset: folder },
  );
  return { dataset, features, graphs, layout, splits };
}

function richestFeatures({ distinctNodeLabels, attributeWidth }: Dataset): FeatureKind {
  if (distinctNodeLabels.length > 0) return 'labels';
  return attributeWidth > 0 ? 'attributes' : 'degree';
}
