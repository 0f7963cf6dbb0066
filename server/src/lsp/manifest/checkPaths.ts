import path from 'node:path';
import { errorAt } from '../../jobs/manifest/checkShape';
import { isPattern, manifestPath, pathProblem, resolvePath } from '../../jobs/manifest/manifestPaths';
import { modelPattern } from '../../jobs/manifest/modelPattern';
import { parseIds } from '../../jobs/manifest/modelSettings';
import type { ManifestProblem } from '../../jobs/manifest/problem';
import { similarWords } from '../../jobs/manifest/similarWords';
import { isWithin } from '../../jobs/paths';
import type { ManifestView, NamedPath } from './manifestView';
import { modelPaths, pathsBelow, type ManifestWorld } from './world';

/** For so many of the paths that lead nowhere it is looked up what was probably meant: that takes time. */
const mostSuggestions = 50;

/** What many paths are compared with, and how many there may be yet. */
interface Others {
  readonly models: readonly string[];
  suggestions: number;
}

/** What is wrong with the paths in a manifest: those that lead outside, and those that lead nowhere. */
export async function checkPaths(view: ManifestView, world: ManifestWorld): Promise<ManifestProblem[]> {
  const others: Others = { models: modelPaths(world, view.file), suggestions: mostSuggestions };
  const found = await Promise.all(view.paths.map((named) => checkPath(named, view, world, others)));
  return found.flat();
}

async function checkPath(
  named: NamedPath,
  view: ManifestView,
  world: ManifestWorld,
  others: Others,
): Promise<ManifestProblem[]> {
  const { node, text, role } = named;
  const { file } = view;
  const boundary = world.boundaryOf(file);
  const outside = pathProblem(text, file, boundary);
  if (outside !== undefined) return [errorAt(node, 'path', outside)];
  const target = resolvePath(text, file);
  if (!(await isWithin(target, [boundary])))
    return [errorAt(node, 'path', `${text} leads out of ${boundary} by a link`)];
  const kind = await world.kindOf(target);
  switch (role) {
    case 'models':
      return kind === 'file' ? [] : checkModel(named, others);
    case 'data':
      return kind === 'folder' ? [] : [missing(named, 'folder', pathsBelow(world.dataFolders, file), others)];
    case 'output':
      return checkOutput(named, target, world);
    case 'ids':
      return kind === 'file'
        ? checkIds(named, target, world)
        : [missing(named, 'file', await siblings(target, view, world), others)];
    case 'model':
      return kind === 'file' ? [] : [missing(named, 'file', others.models, others)];
    case 'trigger':
      return kind === 'file' ? [] : [missing(named, 'file', await siblings(target, view, world), others)];
  }
}

/** A path of no file, or a pattern. A model may come later, so this keeps nobody from using the manifest. */
function checkModel({ node, text }: NamedPath, others: Others): ManifestProblem[] {
  const { models } = others;
  if (!isPattern(text)) {
    const instead = suggested(text, models, others);
    return [{ ...errorAt(node, 'missing-file', `There is no file ${text}`, instead), severity: 'warning' }];
  }
  const matches = modelPattern(text.replace(/^(\.\/)+/, ''));
  if (models.some(matches)) return [];
  return [{ ...errorAt(node, 'no-match', `No model of the workspace matches ${text}`), severity: 'warning' }];
}

function missing(
  { node, text }: NamedPath,
  what: 'file' | 'folder',
  existing: readonly string[],
  others: Others,
): ManifestProblem {
  return errorAt(node, 'missing-file', `There is no ${what} ${text}`, suggested(text, existing, others));
}

function suggested(text: string, existing: readonly string[], others: Others): string[] {
  return others.suggestions-- > 0 ? similarPaths(text, existing) : [];
}

async function checkOutput(
  { node, text }: NamedPath,
  target: string,
  world: ManifestWorld,
): Promise<ManifestProblem[]> {
  const folder = path.dirname(target);
  if (folder.includes('{name}') || (await world.kindOf(folder)) === 'folder') return [];
  const message = `There is no folder ${path.posix.dirname(text)} to write to`;
  return [{ ...errorAt(node, 'missing-file', message), severity: 'warning' }];
}

async function checkIds({ node, text }: NamedPath, target: string, world: ManifestWorld): Promise<ManifestProblem[]> {
  try {
    parseIds(await world.read(target), (reason) => new Error(reason));
    return [];
  } catch (error) {
    return [errorAt(node, 'ids', `${text}: ${(error as Error).message}`)];
  }
}

/** JSON files beside the one that was named. */
async function siblings(target: string, { file }: ManifestView, world: ManifestWorld): Promise<string[]> {
  const folder = path.dirname(target);
  const names = await world.namesIn(folder);
  return names.filter((name) => name.endsWith('.json')).map((name) => manifestPath(path.join(folder, name), file));
}

/** Paths of which the whole or the last part is like `text`. */
function similarPaths(text: string, others: readonly string[]): string[] {
  const sameName = others.filter((other) => path.posix.basename(other) === path.posix.basename(text));
  const similarNames = similarWords(
    path.posix.basename(text),
    others.map((other) => path.posix.basename(other)),
  );
  const named = others.filter((other) => similarNames.includes(path.posix.basename(other)));
  return [...new Set([...sameName, ...similarWords(text, others), ...named])].slice(0, 3);
}
