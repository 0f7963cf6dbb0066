import type { Manifest, ManifestModel, ManifestPurify } from '../../../../protocol/manifest';
import { globExpression } from '../glob';
import { isPattern } from './manifestPaths';

/** What a manifest says of one model, entry and settings for all models put together. */
export type ModelEntry = Omit<ManifestModel, 'model'> & { readonly purify: ManifestPurify };

/**
 * Looks a model up.
 *
 * @param model path relative to the manifest's folder, with forward slashes
 */
export function entryOf(manifest: Manifest, model: string): ModelEntry {
  const models = manifest.models ?? [];
  const found = models.at(
    indexOfEntry(
      models.map((entry) => entry.model),
      model,
    ) ?? models.length,
  );
  const { data, severities, failOn, seed } = manifest;
  return {
    ...defined({ data, severities, failOn, seed }),
    ...defined({ ...found, model: undefined }),
    ...(severities && found?.severities ? { severities: { ...severities, ...found.severities } } : {}),
    purify: mergePurify(manifest.purify, found?.purify),
  };
}

/**
 * Which of the entries counts for a model: the first with its path, else the first with a pattern that matches it.
 *
 * @param entries paths and patterns
 * @returns undefined where none does
 */
export function indexOfEntry(entries: readonly (string | undefined)[], model: string): number | undefined {
  const exact = entries.findIndex((entry) => entry !== undefined && plainPath(entry) === model);
  if (exact >= 0) return exact;
  const matching = entries.findIndex(
    (entry) => entry !== undefined && isPattern(entry) && globExpression(plainPath(entry)).test(model),
  );
  return matching < 0 ? undefined : matching;
}

/** A path without `./` before it. */
function plainPath(text: string): string {
  return text.replace(/^(\.\/)+/, '');
}

/** Settings of another method than the model's own say nothing about it. */
function mergePurify(all: ManifestPurify = {}, own: ManifestPurify = {}): ManifestPurify {
  const sameMethod = own.method === undefined || own.method === (all.method ?? 'graphnad');
  const options = { ...(sameMethod ? all.options : {}), ...own.options };
  const merged = { ...all, ...own, options: Object.keys(options).length === 0 ? undefined : options };
  return defined(merged);
}

function defined<T extends object>(parts: T): T {
  return Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined)) as T;
}
