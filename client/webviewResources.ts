import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import { webviewPage } from './webviewPage';

/** What a kind of webview is made of. All strings are our own: none comes from a file that somebody opened. */
interface WebviewParts {
  readonly title: string;
  /** The `id` of the element that the script fills. */
  readonly rootId: string;
  /** File name in `dist/webview/`. */
  readonly script: string;
  /** File names in `media/`, in their order. */
  readonly styles: readonly string[];
}

/** What a webview may do: run our script, and load it and its styles from our folders. */
export function webviewOptions(extension: vscode.Uri): vscode.WebviewOptions {
  const folders = [vscode.Uri.joinPath(extension, 'dist', 'webview'), vscode.Uri.joinPath(extension, 'media')];
  return { enableScripts: true, localResourceRoots: folders };
}

/** The page of a webview, with addresses that it can load. */
export function webviewHtml(webview: vscode.Webview, extension: vscode.Uri, parts: WebviewParts): string {
  const address = (...file: string[]): string =>
    webview.asWebviewUri(vscode.Uri.joinPath(extension, ...file)).toString();
  return webviewPage({
    title: parts.title,
    rootId: parts.rootId,
    script: address('dist', 'webview', parts.script),
    styles: parts.styles.map((style) => address('media', style)),
    styleSource: webview.cspSource,
    nonce: randomBytes(16).toString('base64'),
  });
}
