/** What `architecture.tensors` of a manifest's entry says of the tensors in the files that the entry is about. */
import type { Node } from 'jsonc-parser';
import { modelKinds, type ModelKind, type TensorSummary } from '../../../../protocol/model';
import { plural } from '../../../../protocol/numberText';
import { errorAt } from '../../jobs/manifest/checkShape';
import { resolvePath } from '../../jobs/manifest/manifestPaths';
import type { ManifestProblem } from '../../jobs/manifest/problem';
import { similarWords } from '../../jobs/manifest/similarWords';
import { propertiesOf, textOf, valueOf } from '../../jobs/manifest/visitShape';
import { contains, type EntryView, type ManifestView } from './manifestView';
import { usualTensorNames } from './usualNames';
import { modelsByEntry, type ManifestWorld } from './world';

/** Layers whose usual names are offered where the entry does not say how many there are. */
const usualLayers = 5;

/** Longer lists help nobody, and take long to send. */
const mostNames = 2000;

/** A module or a tensor. */
export interface NamedTensors {
  readonly name: string;
  /** What it is: `float32, 64 × 38`, or `module of 4 tensors`. */
  readonly detail: string;
  readonly isModule: boolean;
}

/** The object in which an entry names tensors. */
export function tensorTable({ node }: Pick<EntryView, 'node'>): Node | undefined {
  const table = valueOf(valueOf(node, 'architecture'), 'tensors');
  return table?.type === 'object' ? table : undefined;
}

/** The tensors of the model that an entry is about; of a pattern, of the first one that it counts for. */
export async function tensorsOfEntry(
  entry: EntryView,
  view: ManifestView,
  world: ManifestWorld,
): Promise<readonly TensorSummary[]> {
  const [model] = modelsByEntry(view, world)[view.entries.indexOf(entry)];
  return model === undefined || !world.looksIntoFiles ? [] : world.tensors(resolvePath(model, view.file));
}

/** The entry around a place. */
export function entryAt({ entries }: ManifestView, offset: number): EntryView | undefined {
  return entries.find(({ node }) => contains(node, offset));
}

/** Modules and tensors, each module before what is in it. */
export function namesIn(tensors: readonly TensorSummary[]): NamedTensors[] {
  const sizes = new Map<string, number>();
  for (const { name } of tensors) {
    for (const module of modulesOf(name)) sizes.set(module, (sizes.get(module) ?? 0) + 1);
  }
  const named = new Map<string, NamedTensors>();
  for (const { name, dtype, shape } of tensors) {
    for (const module of modulesOf(name)) {
      if (!named.has(module)) {
        const detail = `module of ${plural(sizes.get(module) ?? 0, 'tensor')}`;
        named.set(module, { name: module, detail, isModule: true });
      }
    }
    const size = shape.length === 0 ? 'a single number' : shape.join(' × ');
    named.set(name, { name, detail: `${dtype}, ${size}`, isModule: false });
  }
  return [...named.values()].slice(0, mostNames);
}

/** `a.b.c` -> `a`, `a.b` */
function modulesOf(name: string): string[] {
  const parts = name.split('.');
  return parts.slice(1).map((_, i) => parts.slice(0, i + 1).join('.'));
}

/** The usual names for a tensor or a module of the file, those that have been given to others left out. */
export function usualNamesFor(entry: EntryView, isModule: boolean | undefined, taken: readonly string[]): string[] {
  const architecture = valueOf(entry.node, 'architecture');
  const kind = modelKinds.find((one) => one === textOf(valueOf(architecture, 'kind')));
  const layers: unknown = valueOf(architecture, 'layers')?.value;
  const count = Number.isInteger(layers) ? Math.min(layers as number, 100) : usualLayers;
  const kinds: readonly ModelKind[] = kind === undefined ? modelKinds : [kind];
  const tensors = usualTensorNames(kinds, count);
  const modules = [...new Set(tensors.flatMap((name) => modulesOf(name)))].filter((name) => /\.\d+|lin/.test(name));
  const names = isModule === undefined ? [...modules, ...tensors] : isModule ? modules : tensors;
  return names.filter((name) => !taken.includes(name));
}

/**
 * Names that are in none of the entry's models. Two names for one are told of with the manifest's form.
 *
 * @param tensors of the first model of the entry
 */
export function checkTensorNames(
  entry: EntryView,
  tensors: readonly TensorSummary[],
  modelName: string,
): ManifestProblem[] {
  if (tensors.length === 0) return []; // told of already: it cannot be read
  const names = namesIn(tensors).map(({ name }) => name);
  const known = new Set(names);
  return propertiesOf(tensorTable(entry))
    .filter(({ name }) => !known.has(name) && !tensors.some((tensor) => tensor.name.startsWith(`${name}.`)))
    .map(({ key, name }) =>
      errorAt(key, 'tensor', `${modelName} has no module or tensor ${name}`, similarNames(name, names)),
    );
}

/** Names of which the whole, or the last part, is like `name`. */
function similarNames(name: string, names: readonly string[]): string[] {
  const end = `.${name}`;
  return [...new Set([...similarWords(name, names), ...names.filter((other) => other.endsWith(end))])].slice(0, 3);
}
