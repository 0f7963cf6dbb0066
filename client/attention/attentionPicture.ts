import * as vscode from 'vscode';
import {
  AttentionPictureMessage,
  type AttentionPictureState,
  type FromAttentionPicture,
  type ToAttentionPicture,
} from '../../protocol/attentionPicture';
import { webviewHtml, webviewOptions } from '../webviewResources';
import type { AttentionPlace } from './attentionPlace';

const page = {
  title: 'GraphNAD attention',
  rootId: 'attention',
  script: 'attention.js',
  styles: ['base.css', 'attention.css'],
};

/** One panel with the picture of a graph: shows its state and passes on what its buttons ask for. */
export class AttentionPicture {
  private gone = false;

  /** @param onMessage hears what the user asks for */
  constructor(
    private readonly panel: vscode.WebviewPanel,
    extension: vscode.Uri,
    private current: AttentionPictureState,
    onMessage: (message: Exclude<FromAttentionPicture, { type: AttentionPictureMessage.Ready }>) => void,
    onDispose: () => void,
  ) {
    panel.onDidDispose(() => {
      this.gone = true;
      onDispose();
    });
    panel.webview.onDidReceiveMessage((message: FromAttentionPicture) => {
      if (message.type === AttentionPictureMessage.Ready) this.send();
      else onMessage(message);
    });
    panel.webview.options = webviewOptions(extension);
    panel.iconPath = vscode.Uri.joinPath(extension, 'media', 'icon.png');
    panel.webview.html = webviewHtml(panel.webview, extension, page);
  }

  get place(): AttentionPlace {
    const { comparison, graph } = this.current;
    return { comparison, graph: graph.id, view: graph.view };
  }

  show(state: AttentionPictureState): void {
    this.current = state;
    if (this.gone) return;
    this.panel.title = pictureTitle(state);
    this.send();
  }

  reveal(): void {
    this.panel.reveal(undefined, true);
  }

  private send(): void {
    const message: ToAttentionPicture = { type: AttentionPictureMessage.State, state: this.current };
    // A hidden panel has no script that listens; it asks for the state when it is shown again.
    void this.panel.webview.postMessage(message);
  }
}

export function pictureTitle({ names, graph }: AttentionPictureState): string {
  return `${names[0]}: attention, graph ${graph.id}`;
}
