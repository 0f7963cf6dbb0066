import * as vscode from 'vscode';
import { DataCandidatesRequest, type DataCandidate } from '../../protocol/requests';
import type { Server } from '../server';

interface DataItem extends vscode.QuickPickItem {
  readonly uri?: vscode.Uri;
}

/**
 * Asks which clean data set to purify a model with: those of the workspace that fit it come first, the best one chosen.
 * @param title what is asked for
 * @returns nothing when the user gave up
 */
export async function chooseData(
  server: Server,
  model: vscode.Uri,
  title = 'Purify Model (1 of 2): Clean Data',
): Promise<vscode.Uri | undefined> {
  const params: DataCandidatesRequest.Params = { uri: model.toString() };
  const items = server
    .request<DataCandidatesRequest.Result>(DataCandidatesRequest.method, params)
    .then((candidates) => dataItems(candidates));
  const picked = await vscode.window.showQuickPick(items, {
    title,
    placeHolder: 'Graphs that you trust, of the kind the model was trained for',
    matchOnDetail: true,
  });
  if (picked === undefined || picked.uri !== undefined) return picked?.uri;
  const chosen = await vscode.window.showOpenDialog({
    title: 'Folder of the clean data set',
    openLabel: 'Use This Data',
    canSelectFiles: false,
    canSelectFolders: true,
    defaultUri: vscode.workspace.getWorkspaceFolder(model)?.uri,
  });
  return chosen?.[0];
}

function dataItems(candidates: readonly DataCandidate[]): DataItem[] {
  const fits = (candidate: DataCandidate) => candidate.fitting.length > 0;
  const isFirst = (candidate: DataCandidate) => fits(candidate) || candidate.namedBy !== undefined;
  const items = [...candidates.filter(isFirst), ...candidates.filter((candidate) => !isFirst(candidate))].map(
    (candidate): DataItem => {
      const uri = vscode.Uri.parse(candidate.uri);
      return {
        uri,
        label: `$(database) ${candidate.name}`,
        description: `${candidate.graphs} graphs`,
        detail: fits(candidate)
          ? `${candidate.namedBy === undefined ? '' : `Named by ${candidate.namedBy} · `}Fits the model (node features: ${candidate.fitting.join(', ')}) · ${vscode.workspace.asRelativePath(uri)}`
          : `Does not fit the model: ${candidate.reason ?? 'no node features of this width'}`,
      };
    },
  );
  return [...items, { label: '$(folder-opened) Choose a folder...', alwaysShow: true }];
}
