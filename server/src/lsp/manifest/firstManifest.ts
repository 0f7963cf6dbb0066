import type { Manifest, ManifestData, ManifestModel } from '../../../../protocol/manifest';
import type { RankedData } from '../dataDiscovery';
import { manifestPath } from '../../jobs/manifest/manifestPaths';

/** A model of the workspace and the clean data that fit it best, where there are any. */
export interface FoundModel {
  readonly file: string;
  readonly data?: Pick<RankedData, 'folder' | 'fitting'>;
}

const header = `// What belongs to which model, for GraphNAD. Everything here is optional:
// docs/graphnad-json.md of GraphNAD says what there is.
`;

/**
 * The text of a first manifest: every model with its data. Data that are the same for all are named once.
 *
 * @param file where it will be
 */
export function firstManifest(models: readonly FoundModel[], file: string): string {
  const entries = models
    .map(({ file: model, data }) => ({ model: manifestPath(model, file), data: data && dataEntry(data, file) }))
    .sort((a, b) => (a.model < b.model ? -1 : 1));
  const [first] = entries;
  const isShared = first?.data !== undefined && entries.every(({ data }) => isSame(data, first.data));
  const manifest: Manifest = {
    ...(isShared ? { data: first.data } : {}),
    models: entries.map(({ model, data }): ManifestModel =>
      isShared || data === undefined ? { model } : { model, data },
    ),
  };
  return `${header}${JSON.stringify(manifest, null, 2)}\n`;
}

function dataEntry({ folder, fitting }: NonNullable<FoundModel['data']>, file: string): ManifestData {
  const written = manifestPath(folder, file) || '.';
  return fitting.length > 0 ? { folder: written, features: fitting[0] } : { folder: written };
}

function isSame(a: ManifestData | undefined, b: ManifestData | undefined): boolean {
  return a?.folder === b?.folder && a?.features === b?.features;
}
