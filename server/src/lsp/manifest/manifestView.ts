import type { Node } from 'jsonc-parser';
import type { Range } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { manifestShape } from '../../jobs/manifest/manifestShape';
import type { ManifestProblem } from '../../jobs/manifest/problem';
import { modelEntries, readManifest } from '../../jobs/manifest/readManifest';
import type { PathRole } from '../../jobs/manifest/shape';
import { textOf, valueOf, visitShape } from '../../jobs/manifest/visitShape';
import { toPath } from '../fileUri';

/** A path in the text of a manifest. */
export interface NamedPath {
  readonly node: Node;
  readonly text: string;
  readonly role: PathRole;
}

/** An entry of `models`. */
export interface EntryView {
  readonly index: number;
  readonly node: Node;
  /** Of its path or pattern. */
  readonly model: Node;
  readonly text: string;
}

/** A manifest as the language features look at it: its text and what was read of it. */
export interface ManifestView {
  /** Absolute path. */
  readonly file: string;
  readonly document: TextDocument;
  readonly text: string;
  readonly tree?: Node;
  /** What is wrong with its form. */
  readonly problems: readonly ManifestProblem[];
  readonly paths: readonly NamedPath[];
  readonly entries: readonly EntryView[];
}

const views = new WeakMap<TextDocument, { readonly version: number; readonly view: ManifestView }>();

/** Reads a manifest once for each of its versions. */
export function viewOf(document: TextDocument): ManifestView {
  const known = views.get(document);
  if (known?.version === document.version) return known.view;
  const view = makeView(document);
  views.set(document, { version: document.version, view });
  return view;
}

function makeView(document: TextDocument): ManifestView {
  const text = document.getText();
  const { tree, problems } = readManifest(text);
  const paths: NamedPath[] = [];
  if (tree) {
    visitShape(tree, manifestShape, ({ node, shape }) => {
      const written = textOf(node);
      if (shape.kind === 'text' && shape.path && written) paths.push({ node, text: written, role: shape.path });
    });
  }
  const entries = modelEntries(tree).flatMap((node, index): EntryView[] => {
    const model = valueOf(node, 'model');
    const written = textOf(model);
    return model && written ? [{ index, node, model, text: written }] : [];
  });
  return { file: toPath(document.uri), document, text, tree, problems, paths, entries };
}

/** Where a part of the text is, in lines and columns. */
export function rangeOf(document: TextDocument, { offset, length }: Pick<Node, 'offset' | 'length'>): Range {
  return { start: document.positionAt(offset), end: document.positionAt(offset + length) };
}

/** Whether an offset is in a node or at its end. */
export function contains({ offset, length }: Pick<Node, 'offset' | 'length'>, at: number): boolean {
  return offset <= at && at <= offset + length;
}
