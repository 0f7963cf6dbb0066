import type { Manifest, ManifestModel, ManifestPurify } from '../../../../protocol/manifest';
import { isPattern } from './manifestPaths';
import { alternativesOf, modelPattern } from './modelPattern';

/** So many characters may the patterns of a manifest have together, alternatives written out. */
export const mostPatternCharacters = 1 << 14;

/** What a manifest says of one model, entry and settings for all models put together. */
export type ModelEntry = Omit<ManifestModel, 'model'> & { readonly purify: ManifestPurify };

/**
 * Looks a model up.
 *
 * @param model path relative to the manifest's folder, with forward slashes
 */
export function entryOf(manifest: Manifest, model: string): ModelEntry {
  const index = finderOf(manifest)(model);
  const found = index === undefined ? undefined : manifest.models?.[index];
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
 * Patterns beyond {@link mostPatternCharacters} match nothing; reading a manifest tells of them.
 *
 * @param entries paths and patterns
 * @returns answers the number of the entry for a model; undefined where none does
 */
export function entryFinder(entries: readonly (string | undefined)[]): (model: string) => number | undefined {
  const exact = new Map<string, number>();
  const patterns: { readonly index: number; readonly matches: (model: string) => boolean }[] = [];
  const beyond = firstBeyondLimit(entries) ?? entries.length;
  entries.forEach((entry, index) => {
    if (entry === undefined) return;
    const plain = plainPath(entry);
    if (!exact.has(plain)) exact.set(plain, index);
    if (isPattern(entry) && index < beyond) patterns.push({ index, matches: modelPattern(plain) });
  });
  return (model) => exact.get(model) ?? patterns.find(({ matches }) => matches(model))?.index;
}

/** Number of the first entry at which the patterns up to it have too many characters. */
export function firstBeyondLimit(entries: readonly (string | undefined)[]): number | undefined {
  let characters = 0;
  const index = entries.findIndex((entry = '') => {
    if (isPattern(entry)) characters += alternativesOf(entry).reduce((sum, { length }) => sum + length, 0);
    return characters > mostPatternCharacters;
  });
  return index < 0 ? undefined : index;
}

const finders = new WeakMap<Manifest, (model: string) => number | undefined>();

/** Made once for each manifest: there may be thousands of models to look up. */
function finderOf(manifest: Manifest): (model: string) => number | undefined {
  const known = finders.get(manifest) ?? entryFinder((manifest.models ?? []).map((entry) => entry.model));
  finders.set(manifest, known);
  return known;
}

/** A path without `./` before it. */
export function plainPath(text: string): string {
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
