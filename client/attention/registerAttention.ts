import * as vscode from 'vscode';
import { notifyFailure } from '../notify';
import type { Server } from '../server';
import { AttentionDiffs, shownDiff } from './attentionDiffs';
import { AttentionDocuments } from './attentionDocuments';
import { registerAttentionLanguage } from './attentionLanguage';
import { AttentionPictures } from './attentionPictures';
import { AttentionShading } from './attentionShading';
import { AttentionSource } from './attentionSource';

/**
 * Attention in the editor: documents, what can be done in them, pictures.
 *
 * @returns what opens comparisons
 */
export function registerAttention(
  { extensionUri, subscriptions }: vscode.ExtensionContext,
  server: Server,
  log: vscode.LogOutputChannel,
): AttentionDiffs {
  const source = new AttentionSource(server);
  const diffs = new AttentionDiffs(source);
  const pictures = new AttentionPictures(extensionUri, source, diffs, log);
  const command = (name: string, action: () => Promise<void>): vscode.Disposable =>
    vscode.commands.registerCommand(name, () =>
      action().catch((error: unknown) => notifyFailure('That did not work', error, log)),
    );
  subscriptions.push(
    source,
    diffs,
    pictures,
    new AttentionDocuments(source),
    new AttentionShading(),
    registerAttentionLanguage(source),
    command('graphnad.attention.nextGraph', () => diffs.step(1)),
    command('graphnad.attention.previousGraph', () => diffs.step(-1)),
    command('graphnad.attention.chooseGraph', () => diffs.choose()),
    command('graphnad.attention.toggleTrigger', () => diffs.toggleTrigger()),
    command('graphnad.showAttentionPicture', async () => {
      const shown = shownDiff();
      if (shown !== undefined) await pictures.show(shown.place);
    }),
  );
  return diffs;
}
