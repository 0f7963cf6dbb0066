import * as vscode from 'vscode';
import type { AttentionComparison } from '../../protocol/attention';
import {
  AttentionPictureMessage,
  type AttentionPictureState,
  type FromAttentionPicture,
} from '../../protocol/attentionPicture';
import { notifyFailure } from '../notify';
import type { AttentionDiffs } from './attentionDiffs';
import { AttentionPicture, pictureTitle } from './attentionPicture';
import { graphBeside, isSameComparison, type AttentionPlace } from './attentionPlace';
import type { AttentionSource } from './attentionSource';
import { sideNames } from './attentionUri';
import { isPictureState, pictureState } from './pictureState';

const viewType = 'graphnad.attentionPicture';

/** Opens pictures of graphs, one a comparison, and gives them back after a reload of the window. */
export class AttentionPictures implements vscode.Disposable, vscode.WebviewPanelSerializer {
  private readonly open = new Set<AttentionPicture>();
  private readonly subscriptions: readonly vscode.Disposable[];

  constructor(
    private readonly extension: vscode.Uri,
    private readonly source: AttentionSource,
    private readonly diffs: AttentionDiffs,
    private readonly log: vscode.LogOutputChannel,
  ) {
    this.subscriptions = [
      vscode.window.registerWebviewPanelSerializer(viewType, this),
      // A picture goes along with the text.
      diffs.onDidOpen((place) => {
        const picture = this.pictureOf(place.comparison);
        if (picture !== undefined) this.guarded(this.showIn(picture, place));
      }),
    ];
  }

  /** Shows a graph as a picture, beside what is open. */
  async show(place: AttentionPlace): Promise<void> {
    const there = this.pictureOf(place.comparison);
    if (there !== undefined) {
      await this.showIn(there, place);
      there.reveal();
      return;
    }
    const state = await this.stateOf(place);
    const panel = vscode.window.createWebviewPanel(viewType, pictureTitle(state), {
      viewColumn: vscode.ViewColumn.Beside,
      preserveFocus: true,
    });
    this.adopt(panel, state);
  }

  deserializeWebviewPanel(panel: vscode.WebviewPanel, kept: unknown): Promise<void> {
    if (isPictureState(kept)) this.adopt(panel, kept);
    else panel.dispose();
    return Promise.resolve();
  }

  dispose(): void {
    this.subscriptions.forEach((subscription) => void subscription.dispose());
  }

  private adopt(panel: vscode.WebviewPanel, state: AttentionPictureState): void {
    const picture: AttentionPicture = new AttentionPicture(
      panel,
      this.extension,
      state,
      (message) => this.guarded(this.answer(picture, message)),
      () => this.open.delete(picture),
    );
    this.open.add(picture);
  }

  private async answer(picture: AttentionPicture, message: FromAttentionPicture): Promise<void> {
    const { place } = picture;
    switch (message.type) {
      case AttentionPictureMessage.Ready:
        return;
      case AttentionPictureMessage.OpenText:
        return this.diffs.open(place);
      case AttentionPictureMessage.View:
        return this.showIn(picture, { ...place, view: message.view });
      case AttentionPictureMessage.Step: {
        const { overview } = await this.source.get(place.comparison, place);
        const graph = graphBeside(overview.ranked[place.view], place.graph, message.by);
        return graph === undefined ? undefined : this.showIn(picture, { ...place, graph });
      }
    }
  }

  private async showIn(picture: AttentionPicture, place: AttentionPlace): Promise<void> {
    picture.show(await this.stateOf(place));
  }

  private async stateOf(place: AttentionPlace): Promise<AttentionPictureState> {
    return pictureState(place, await this.source.get(place.comparison, place), sideNames(place));
  }

  private pictureOf(comparison: AttentionComparison): AttentionPicture | undefined {
    return [...this.open].find((picture) => isSameComparison(picture.place.comparison, comparison));
  }

  private guarded(action: Promise<unknown>): void {
    action.catch((error: unknown) => notifyFailure('The picture could not be drawn', error, this.log));
  }
}
