import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import { panelPage } from './panelPage';

/** Folders that a panel may load its script and its styles from. */
export function panelResourceRoots(extension: vscode.Uri): vscode.Uri[] {
  return [vscode.Uri.joinPath(extension, 'dist', 'webview'), vscode.Uri.joinPath(extension, 'media')];
}

/** The page of a panel, with addresses that its webview can load. */
export function panelHtml(webview: vscode.Webview, extension: vscode.Uri): string {
  const address = (...file: string[]): string =>
    webview.asWebviewUri(vscode.Uri.joinPath(extension, ...file)).toString();
  return panelPage({
    script: address('dist', 'webview', 'panel.js'),
    style: address('media', 'panel.css'),
    styleSource: webview.cspSource,
    nonce: randomBytes(16).toString('base64'),
  });
}
