import type { Dataset } from '../../dataset/dataset';
import { encodeDataset } from '../../dataset/features';
import { loadDataset } from '../../dataset/loadDataset';
import { makeMolecules } from '../../dataset/synthetic';
import { parseTu } from '../../dataset/tu';
import { formatTu } from '../../dataset/tuWriter';
import type { FeatureLayout, Graph } from '../../graph/graph';
import { keyOf } from './keyOf';
import type { DataSource, GridData } from './grid';

/** A data set of a grid, ready for a model. */
export interface EncodedData {
  readonly graphs: readonly Graph[];
  readonly layout: FeatureLayout;
  readonly classes: number;
}

/** @throws DatasetError */
export async function loadSource(name: string, source: DataSource): Promise<Dataset> {
  if ('folder' in source) return loadDataset(source.folder);
  // By way of the files: they are what gives a data set its hash.
  const encoder = new TextEncoder();
  const files = formatTu(makeMolecules(name, source.synthetic));
  return parseTu(name, new Map([...files].map(([file, text]) => [file, encoder.encode(text)])));
}

/** @throws DatasetError, FeatureMismatchError */
export async function loadGridData({ name, source, features }: GridData): Promise<EncodedData> {
  return lastLoaded(keyOf({ name, source, features }), async () => {
    const dataset = await loadSource(name, source);
    return { ...encodeDataset(dataset, features), classes: dataset.classNames.length };
  });
}

/**
 * The auxiliary graphs with the features of the attacked data set, which must be such as every graph has: degrees (those
 * above the last column count as it) or constants. Their own classes mean nothing to the model.
 *
 * @throws DatasetError, FeatureMismatchError
 */
export async function loadAuxiliaryGraphs({ auxiliary, features }: GridData, layout: FeatureLayout): Promise<Graph[]> {
  if (auxiliary === undefined) throw new RangeError('the grid names no auxiliary data');
  const dataset = await loadSource(auxiliary.name, auxiliary.source);
  return encodeDataset(dataset, features, layout.width).graphs;
}

let cached: { readonly key: string; readonly data: Promise<EncodedData> } | undefined;

/** Jobs of one worker mostly follow each other on the same data. What failed is tried again. */
async function lastLoaded(key: string, load: () => Promise<EncodedData>): Promise<EncodedData> {
  const wanted = cached?.key === key ? cached : { key, data: load() };
  cached = wanted;
  try {
    return await wanted.data;
  } catch (error) {
    cached = undefined;
    throw error;
  }
}
