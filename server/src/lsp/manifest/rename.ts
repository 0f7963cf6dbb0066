import path from 'node:path';
import type { TextEdit } from 'vscode-languageserver';
import { manifestPath, pathProblem, resolvePath } from '../../jobs/manifest/manifestPaths';
import { isBelow } from '../../jobs/paths';
import { rangeOf, type ManifestView, type NamedPath } from './manifestView';

/** A file or folder that is moved; both are absolute paths. */
export interface Move {
  readonly from: string;
  readonly to: string;
}

/** What has to be changed in a manifest so that its paths lead to the same files after these are moved. */
export function renameEdits(view: ManifestView, moves: readonly Move[], boundary: string): TextEdit[] {
  const file = moved(view.file, moves);
  return view.paths.flatMap((named) => {
    const [fixed, rest] = fixedPart(named);
    if (fixed === '' || pathProblem(fixed, view.file, boundary) !== undefined) return [];
    const target = resolvePath(fixed, view.file);
    const renamed = moved(target, moves);
    // A path that neither end of moves stays as it is written.
    if (renamed === target && file === view.file) return [];
    const written = manifestPath(renamed, file);
    if (written === manifestPath(target, view.file) || !isBelow(renamed, boundary)) return [];
    return [{ range: rangeOf(view.document, named.node), newText: JSON.stringify(`${written || '.'}${rest}`) }];
  });
}

function moved(target: string, moves: readonly Move[]): string {
  const move = moves.find(({ from }) => isBelow(target, from));
  return move === undefined ? target : path.join(move.to, path.relative(move.from, target));
}

/** A path up to the folder before the first part that is a pattern or has a placeholder, and the rest. */
function fixedPart({ text, role }: NamedPath): readonly [fixed: string, rest: string] {
  if (role !== 'models' && role !== 'output') return [text, ''];
  const parts = text.split('/');
  const first = role === 'output' ? parts.length - 1 : parts.findIndex((part) => /[*?{}[\]]/.test(part));
  if (first < 0) return [text, ''];
  const rest = parts.slice(first).join('/');
  return [parts.slice(0, first).join('/'), first === 0 ? rest : `/${rest}`];
}
