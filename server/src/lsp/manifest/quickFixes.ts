import { findNodeAtOffset, getNodePath, type JSONPath, type Node } from 'jsonc-parser';
import { CodeActionKind, type CodeAction, type Diagnostic, type Range, type TextEdit } from 'vscode-languageserver';
import { isPattern } from '../../jobs/manifest/manifestPaths';
import type { ManifestProblem } from '../../jobs/manifest/problem';
import { entryFinder } from '../../jobs/manifest/modelEntry';
import { propertiesOf, valueOf } from '../../jobs/manifest/visitShape';
import { edited } from './edits';
import { contains, rangeOf, type ManifestView } from './manifestView';
import { modelPaths, type ManifestWorld } from './world';

/** So many models are offered to be added one by one. */
const offeredModels = 5;

/**
 * Quick fixes for the problems in a range, and entries for models that have none where the range is in `models`.
 *
 * @param problems all that is wrong with the manifest
 * @param diagnostics what the client shows there
 */
export function quickFixes(
  view: ManifestView,
  world: Pick<ManifestWorld, 'models'>,
  problems: readonly ManifestProblem[],
  range: Range,
  diagnostics: readonly Diagnostic[] = [],
): CodeAction[] {
  const { document } = view;
  const [start, end] = [document.offsetAt(range.start), document.offsetAt(range.end)];
  const here = problems.filter(({ offset, length }) => offset <= end && start <= offset + length);
  const fixes = here.flatMap((problem) => {
    const shown = diagnostics.filter((diagnostic) => document.offsetAt(diagnostic.range.start) === problem.offset);
    return fixesOf(problem, view).map((action): CodeAction => ({ ...action, diagnostics: shown }));
  });
  return [...fixes, ...newEntries(view, world, start)];
}

function fixesOf(problem: ManifestProblem, view: ManifestView): CodeAction[] {
  const { document, tree } = view;
  const node = tree && findNodeAtOffset(tree, problem.offset);
  const changes = (problem.instead ?? []).map((word, i) => {
    const edit = { range: rangeOf(document, problem), newText: JSON.stringify(word) };
    return action(`Change to "${word}"`, view, [edit], i === 0);
  });
  const removal = node && removalOf(problem, node);
  if (removal === undefined) return changes;
  const what = problem.code === 'duplicate-model' ? 'Remove this entry' : `Remove ${JSON.stringify(node?.value)}`;
  return [...changes, action(what, view, edited(view, removal, undefined), changes.length === 0)];
}

/** The path of what can be taken out. */
function removalOf({ code }: ManifestProblem, node: Node): JSONPath | undefined {
  const isKey = node.parent?.type === 'property' && node.parent.children?.[0] === node;
  if ((code === 'unknown-property' || code === 'option' || code === 'tensor') && isKey)
    return getNodePath(node.parent?.children?.[1] ?? node);
  if (code === 'duplicate-model' && node.parent?.parent) return getNodePath(node.parent.parent);
  return undefined;
}

/** Entries for models of the workspace that have none. */
function newEntries(view: ManifestView, world: Pick<ManifestWorld, 'models'>, at: number): CodeAction[] {
  const { tree, entries, file } = view;
  const property = propertiesOf(tree).find(({ name }) => name === 'models');
  const isHere = property
    ? contains(property.node, at)
    : tree !== undefined && contains({ offset: tree.offset, length: 1 }, at);
  if (!isHere || (property?.value && property.value.type !== 'array')) return [];
  const find = entryFinder(entries.map(({ text }) => text));
  const unlisted = modelPaths(world, file).filter((model) => find(model) === undefined && !isPattern(model));
  const add = (title: string, models: readonly string[]): CodeAction =>
    action(title, view, withEntries(view, models), false);
  return [
    ...unlisted.slice(0, offeredModels).map((model) => add(`Add an entry for ${model}`, [model])),
    ...(unlisted.length > 1 ? [add(`Add entries for all ${unlisted.length} models without one`, unlisted)] : []),
  ];
}

/** Entries behind the last one, each in a line where that is in a line of its own. */
function withEntries(view: ManifestView, models: readonly string[]): TextEdit[] {
  const { text, tree, document } = view;
  const last = valueOf(tree, 'models')?.children?.at(-1);
  if (last === undefined)
    return edited(
      view,
      ['models'],
      models.map((model) => ({ model })),
    );
  const indent = /(?:^|\n)([ \t]*)$/.exec(text.slice(0, last.offset))?.[1];
  const between = indent === undefined ? ', ' : `,\n${indent}`;
  const newText = models.map((model) => `${between}{ "model": ${JSON.stringify(model)} }`).join('');
  return [{ range: rangeOf(document, { offset: last.offset + last.length, length: 0 }), newText }];
}

function action(title: string, { document }: ManifestView, edits: TextEdit[], isPreferred: boolean): CodeAction {
  return {
    title,
    kind: CodeActionKind.QuickFix,
    isPreferred,
    edit: { changes: { [document.uri]: edits } },
  };
}
