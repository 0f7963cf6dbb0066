import { findNodeAtLocation, getNodeValue, type JSONPath } from 'jsonc-parser';
import type { Range, TextEdit } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { ArchitectureOverride, AssumedParts, ManifestModel } from '../../../../protocol/manifest';
import { entryFinder, plainPath } from '../../jobs/manifest/modelEntry';
import { edited } from './edits';
import { rangeOf, viewOf, type ManifestView } from './manifestView';

export interface StatedArchitecture {
  readonly edits: TextEdit[];
  /** Of the value of `architecture`, in the text as it is then. */
  readonly range: Range;
}

/**
 * Writes what is assumed of a model into its entry, where somebody who knows the model can correct it. What the entry says
 * already stays. A model that a pattern stands for gets an entry of its own, which says the same besides: the pattern
 * counts for it no more.
 *
 * @param model path of the model as the manifest writes it
 * @returns undefined where the text is broken JSON: what is put into that could end up anywhere
 */
export function stateArchitecture(
  view: ManifestView,
  model: string,
  assumed: AssumedParts,
): StatedArchitecture | undefined {
  const { entries, document, tree, problems } = view;
  if (tree !== undefined && problems.some(({ code }) => code === 'syntax')) return undefined;
  const found = entryFinder(entries.map(({ text }) => text))(model);
  const entry = found === undefined ? undefined : entries[found];
  const said = entry && (getNodeValue(entry.node) as ManifestModel);
  const architecture: ArchitectureOverride = { ...assumed, ...said?.architecture };
  const isOwn = entry !== undefined && plainPath(entry.text) === model;
  const index = isOwn ? entry.index : numberOfEntries(view);
  const stated = { ...said, model, architecture };
  const edits = isOwn
    ? edited(view, ['models', index, 'architecture'], architecture)
    : index === 0
      ? edited(view, ['models'], [stated])
      : edited(view, ['models', index], stated, { isArrayInsertion: true });
  const after = TextDocument.create(document.uri, 'jsonc', 0, TextDocument.applyEdits(document, edits));
  return { edits, range: rangeAt(after, ['models', index, 'architecture']) };
}

function numberOfEntries({ tree }: ManifestView): number {
  const models = tree && findNodeAtLocation(tree, ['models']);
  return models?.type === 'array' ? (models.children?.length ?? 0) : 0;
}

function rangeAt(document: TextDocument, where: JSONPath): Range {
  const { tree } = viewOf(document);
  const node = tree && findNodeAtLocation(tree, where);
  return rangeOf(document, node ?? { offset: 0, length: 0 });
}
