import * as vscode from 'vscode';
import { findingCodes, type FindingCode } from '../../protocol/findings';
import { fileExists } from '../files';

/** Command behind the codes in the Problems pane; it wants a code and is not in the palette. */
export const explainFindingCommand = 'graphnad.explainFinding';

/** `graphnad.explainFinding`: shows the page about a finding code, the one that ships with the extension. */
export function explainFinding(extension: vscode.Uri, onShown: () => void): (code: unknown) => Promise<void> {
  return async (given) => {
    const code = findingCodes.find((known) => known === given);
    if (code === undefined) throw new Error(`There is no finding ${String(given)}.`);
    const page = vscode.Uri.joinPath(extension, 'docs', 'findings', `${code}.md`);
    if (!(await fileExists(page))) throw new Error(`There is no page about ${code}.`);
    await vscode.commands.executeCommand('markdown.showPreview', page);
    onShown();
  };
}

/** An address that shows the page about a code when it is clicked. */
function explainFindingLink(code: FindingCode): vscode.Uri {
  return vscode.Uri.parse(`command:${explainFindingCommand}?${encodeURIComponent(JSON.stringify([code]))}`);
}

/**
 * Lets the codes of diagnostics lead to the pages that are installed, not to those on the web: these may be of another
 * version, and need a network.
 */
export function withInstalledPages(diagnostics: vscode.Diagnostic[]): vscode.Diagnostic[] {
  for (const diagnostic of diagnostics) {
    const { code } = diagnostic;
    const value = typeof code === 'object' ? code.value : code;
    const known = findingCodes.find((candidate) => candidate === value);
    if (known !== undefined) diagnostic.code = { value: known, target: explainFindingLink(known) };
  }
  return diagnostics;
}
