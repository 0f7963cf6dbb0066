import type * as vscode from 'vscode';
import { webviewHtml } from '../webviewResources';

/** The page of the model inspector; what it shows comes in messages. */
export function inspectorHtml(webview: vscode.Webview, extension: vscode.Uri): string {
  return webviewHtml(webview, extension, {
    title: 'Model Inspector',
    rootId: 'inspector',
    script: 'inspector.js',
    styles: ['base.css', 'inspector.css'],
  });
}
