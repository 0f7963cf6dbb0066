import * as vscode from 'vscode';
import { CreateManifestRequest, manifestName } from '../../protocol/manifest';
import type { Context } from '../context';
import { fileExists } from '../files';
import { notifyFailure } from '../notify';
import { mayCreateManifest } from '../trust';

/** `graphnad.createManifest`: writes a first `graphnad.json` of what a workspace folder holds; shows one that is there. */
export function createManifest(context: Context): () => Promise<vscode.Uri | undefined> {
  return async () => {
    const folder = await chooseFolder();
    if (folder === undefined) return undefined;
    const file = vscode.Uri.joinPath(folder, manifestName);
    try {
      if (!(await fileExists(file))) {
        if (!mayCreateManifest()) return undefined;
        const params: CreateManifestRequest.Params = { folder: folder.toString() };
        await vscode.window.withProgress(
          { location: vscode.ProgressLocation.Window, title: `Writing ${manifestName}` },
          () => context.server.request<CreateManifestRequest.Result>(CreateManifestRequest.method, params),
        );
      }
      await vscode.window.showTextDocument(file);
      context.walkthrough.tick('manifest');
      return file;
    } catch (error) {
      notifyFailure(`${manifestName} could not be written`, error, context.log);
      return undefined;
    }
  };
}

async function chooseFolder(): Promise<vscode.Uri | undefined> {
  const folders = vscode.workspace.workspaceFolders ?? [];
  if (folders.length <= 1) return folders.at(0)?.uri;
  return (await vscode.window.showWorkspaceFolderPick({ placeHolder: `Folder of ${manifestName}` }))?.uri;
}
