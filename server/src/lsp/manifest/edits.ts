import { modify, type Edit, type JSONPath, type ModificationOptions } from 'jsonc-parser';
import type { TextEdit } from 'vscode-languageserver';
import { rangeOf, type ManifestView } from './manifestView';

const formattingOptions = { tabSize: 2, insertSpaces: true, eol: '\n' };

/** Edits that put a value in its place, comments around it kept. @param value undefined to take out what is there */
export function edited(
  { text, document }: ManifestView,
  where: JSONPath,
  value: unknown,
  options: ModificationOptions = {},
): TextEdit[] {
  return modify(text, where, value, { ...options, formattingOptions }).map((edit) => textEdit(edit, document));
}

function textEdit({ offset, length, content }: Edit, document: ManifestView['document']): TextEdit {
  return { range: rangeOf(document, { offset, length }), newText: content };
}
