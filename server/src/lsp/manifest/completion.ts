import { findNodeAtOffset, getLocation, type JSONPath, type Node } from 'jsonc-parser';
import path from 'node:path';
import { CompletionItemKind, type CompletionItem, type Position } from 'vscode-languageserver';
import { settingsOf } from '../../defense/options';
import { manifestPath, pathProblem, resolvePath } from '../../jobs/manifest/manifestPaths';
import { manifestShape } from '../../jobs/manifest/manifestShape';
import { methodAt } from '../../jobs/manifest/readManifest';
import { settingText, type ObjectShape, type PathRole, type Shape } from '../../jobs/manifest/shape';
import { propertiesOf, textOf, valueOf } from '../../jobs/manifest/visitShape';
import { rangeOf, type ManifestView } from './manifestView';
import { entryAt, namesIn, tensorsOfEntry, usualNamesFor } from './tensorNames';
import { modelPaths, pathsBelow, type ManifestWorld } from './world';

/** Data sets that were not read yet are offered without their size after this time, in milliseconds. */
const patience = 100;
/** Without the names of tensors there is nothing to offer, so they are waited for longer. */
const tensorPatience = 5000;

/** Where in a manifest somebody types. */
interface Place {
  readonly view: ManifestView;
  readonly world: ManifestWorld;
  readonly offset: number;
  /** Names and numbers that lead to what is typed; the last one is of the property. */
  readonly path: JSONPath;
  /** Of what was typed so far; absent where nothing was. */
  readonly typed?: Node;
}

/**
 * What can stand at a position: model files, data sets and other files that exist, settings of the method and, unless
 * the editor takes them from the schema, properties and words.
 */
export async function completions(
  view: ManifestView,
  world: ManifestWorld,
  position: Position,
  clientHasSchema: boolean,
): Promise<CompletionItem[]> {
  const offset = view.document.offsetAt(position);
  const location = getLocation(view.text, offset);
  const found = location.previousNode ?? undefined;
  const typed = found && found.offset < offset && offset <= found.offset + found.length ? found : undefined;
  const place: Place = { view, world, offset, path: location.path, typed };
  const options = shapeAt(location.path.slice(0, -1));
  if (options?.kind === 'options') return location.isAtPropertyKey ? optionNames(place) : optionValues(place);
  if (options?.kind === 'names') return location.isAtPropertyKey ? tensorKeys(place) : usualNames(place);
  if (location.isAtPropertyKey) {
    return options?.kind === 'object' && !clientHasSchema ? propertyNames(place, options) : [];
  }
  const shape = shapeAt(location.path);
  if (shape?.kind === 'text' && shape.path) return paths(place, shape.path);
  return shape && !clientHasSchema ? words(place, shape) : [];
}

/** The shape of what a path leads to. */
export function shapeAt(at: JSONPath): Shape | undefined {
  return at.reduce<Shape | undefined>((shape, part) => {
    if (shape?.kind === 'object') return Object.hasOwn(shape.properties, part) ? shape.properties[part] : undefined;
    return shape?.kind === 'list' ? shape.items : undefined;
  }, manifestShape);
}

/** The innermost object around an offset. */
function objectAround({ view, offset }: Place): Node | undefined {
  let node = view.tree && findNodeAtOffset(view.tree, offset, true);
  while (node && node.type !== 'object') node = node.parent;
  return node;
}

function propertyNames(place: Place, { properties }: ObjectShape): CompletionItem[] {
  const present = propertiesOf(objectAround(place)).map(({ name }) => name);
  return Object.entries(properties)
    .filter(([name]) => !present.includes(name))
    .map(([name, shape]) => item(place, name, CompletionItemKind.Property, { documentation: shape.description }));
}

function optionNames(place: Place): CompletionItem[] {
  const object = objectAround(place);
  const purify = object?.parent?.parent;
  const present = propertiesOf(object).map(({ name }) => name);
  const settings = settingsOf[methodAt(place.view.tree, purify)];
  return Object.entries(settings)
    .filter(([name]) => !present.includes(name))
    .map(([name, setting]) => {
      const whole = item(place, name, CompletionItemKind.Property, {
        detail: `${JSON.stringify(setting.default)}`,
        documentation: settingText(setting),
      });
      return withValue(place, whole, name, setting.default);
    });
}

/** An item for a name that puts a value behind it where none is there. */
function withValue(place: Place, whole: CompletionItem, name: string, value: unknown): CompletionItem {
  const { typed, view } = place;
  const property = typed && view.tree && findNodeAtOffset(view.tree, typed.offset)?.parent;
  const hasValue = property?.type === 'property' && property.children?.length === 2;
  if (hasValue || !whole.textEdit) return whole;
  return { ...whole, textEdit: { ...whole.textEdit, newText: `${JSON.stringify(name)}: ${JSON.stringify(value)}` } };
}

function optionValues(place: Place): CompletionItem[] {
  const purify = objectAround(place)?.parent?.parent;
  const settings = settingsOf[methodAt(place.view.tree, purify)];
  const name = String(place.path.at(-1));
  if (!Object.hasOwn(settings, name)) return [];
  const { default: usual, allowed } = settings[name];
  const values = typeof usual === 'boolean' ? [true, false] : [usual];
  return values.map((value) => item(place, value, CompletionItemKind.Value, { detail: allowed }));
}

/** Modules and tensors of the file that were not named yet. */
async function tensorKeys(place: Place): Promise<CompletionItem[]> {
  const entry = entryAt(place.view, place.offset);
  if (entry === undefined) return [];
  const present = propertiesOf(objectAround(place)).filter(({ key }) => key.offset !== place.typed?.offset);
  const named = new Set(present.map(({ name }) => name));
  const tensors = await withinPatience(tensorsOfEntry(entry, place.view, place.world), tensorPatience);
  return namesIn(tensors ?? [])
    .filter(({ name }) => !named.has(name))
    .map(({ name, detail, isModule }, i) => {
      const kind = isModule ? CompletionItemKind.Module : CompletionItemKind.Field;
      // In the order of the file.
      const sortText = String(i).padStart(5, '0');
      return { ...withValue(place, item(place, name, kind, { detail }), name, ''), sortText };
    });
}

async function usualNames(place: Place): Promise<CompletionItem[]> {
  const entry = entryAt(place.view, place.offset);
  if (entry === undefined) return [];
  const others = propertiesOf(objectAround(place)).filter(({ value }) => value?.offset !== place.typed?.offset);
  const taken = others.flatMap(({ value }) => textOf(value) ?? []);
  const tensors = await withinPatience(tensorsOfEntry(entry, place.view, place.world), tensorPatience);
  const named = namesIn(tensors ?? []).find(({ name }) => name === place.path.at(-1));
  const kind = named?.isModule ? CompletionItemKind.Module : CompletionItemKind.Field;
  return usualNamesFor(entry, named?.isModule, taken).map((name, i) => ({
    ...item(place, name, kind),
    sortText: String(i).padStart(5, '0'),
  }));
}

function words(place: Place, shape: Shape): CompletionItem[] {
  if (shape.kind === 'flag') return [true, false].map((value) => item(place, value, CompletionItemKind.Value));
  if (shape.kind !== 'text') return [];
  return (shape.choices ?? []).map(({ value, description }) =>
    item(place, value, CompletionItemKind.EnumMember, { documentation: description }),
  );
}

async function paths(place: Place, role: PathRole): Promise<CompletionItem[]> {
  const { view, world } = place;
  switch (role) {
    case 'models': {
      const models = modelPaths(world, view.file);
      const named = new Set(
        view.entries.filter(({ model }) => model.offset !== place.typed?.offset).map(({ text }) => text),
      );
      const patterns = [...new Set(models.map((model) => path.posix.join(path.posix.dirname(model), `*${path.posix.extname(model)}`)))]; // prettier-ignore
      return [
        ...models.filter((model) => !named.has(model)).map((model) => fileItem(place, model, '0')),
        ...patterns.filter((pattern) => !named.has(pattern)).map((pattern) => ({ ...fileItem(place, pattern, '1'), detail: 'All models of the folder' })), // prettier-ignore
      ];
    }
    case 'model':
      return modelPaths(world, view.file).map((model) => fileItem(place, model));
    case 'data':
      return Promise.all(pathsBelow(world.dataFolders, view.file).map((folder) => dataItem(place, folder)));
    case 'ids':
    case 'trigger':
      return jsonFiles(place);
    case 'output':
      return outputs(place);
  }
}

async function dataItem(place: Place, written: string): Promise<CompletionItem> {
  const found = await withinPatience(place.world.data(resolvePath(written, place.view.file)));
  const detail = found && (found.graphs > 0 ? `${found.name}, ${found.graphs} graphs` : found.reason);
  return { ...item(place, written, CompletionItemKind.Folder), detail };
}

/** What comes too late for somebody who types is left out. */
async function withinPatience<T>(work: Promise<T>, milliseconds = patience): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => (timer = setTimeout(() => resolve(undefined), milliseconds)));
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

/** Files and folders of the folder that was typed so far, and those beside the data set. */
async function jsonFiles(place: Place): Promise<CompletionItem[]> {
  const { view, world, typed, offset } = place;
  const { file } = view;
  const before = typed ? view.text.slice(typed.offset + 1, offset) : '';
  const folder = before.includes('/') ? before.slice(0, before.lastIndexOf('/') + 1) : './';
  if (pathProblem(folder, file, world.boundaryOf(file)) !== undefined) return [];
  const target = resolvePath(folder, file);
  return (await world.namesIn(target))
    .filter((name) => (name.endsWith('.json') && path.join(target, name) !== file) || isOpenFolder(name))
    .map((name) => {
      const written = manifestPath(path.join(target, name), file) + (name.endsWith('/') ? '/' : '');
      return item(place, written, name.endsWith('/') ? CompletionItemKind.Folder : CompletionItemKind.File);
    });
}

function isOpenFolder(name: string): boolean {
  return name.endsWith('/') && !name.startsWith('.') && name !== 'node_modules/';
}

/** The usual name, and a folder of its own, in the formats of the models. */
function outputs(place: Place): CompletionItem[] {
  const extensions = new Set(modelPaths(place.world, place.view.file).map((model) => path.posix.extname(model)));
  return [...extensions].flatMap((extension) =>
    [`{name}.purified${extension}`, `purified/{name}${extension}`].map((name) => fileItem(place, name)),
  );
}

function fileItem(place: Place, written: string, group = ''): CompletionItem {
  return { ...item(place, written, CompletionItemKind.File), ...(group ? { sortText: `${group}${written}` } : {}) };
}

/** Puts a value in the place of what was typed, quotes included. */
function item(
  { view, typed, offset }: Place,
  value: unknown,
  kind: CompletionItemKind,
  more: Pick<CompletionItem, 'detail' | 'documentation'> = {},
): CompletionItem {
  const newText = JSON.stringify(value);
  const range = rangeOf(view.document, typed ?? { offset, length: 0 });
  // Clients filter by what stands in the range, which begins with a quote.
  return { label: String(value), kind, filterText: newText, textEdit: { range, newText }, ...more };
}

/** The `purify` object of an entry, or of all models, that a path leads into. */
export function purifyNodeAt(view: ManifestView, at: JSONPath): Node | undefined {
  const index = at.indexOf('purify');
  if (index < 0) return undefined;
  return at
    .slice(0, index + 1)
    .reduce<Node | undefined>(
      (node, part) => (typeof part === 'number' ? node?.children?.[part] : valueOf(node, part)),
      view.tree,
    );
}
