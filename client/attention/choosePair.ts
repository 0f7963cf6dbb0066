import * as vscode from 'vscode';
import { fileName } from '../files';
import { findModelFiles } from '../modelFiles';
import { ordered, partners, type Partner } from './modelPair';
import { receiptOrigin } from './receipts';

/** Two models, or one that is compared with itself, without and with the trigger found in it. */
export interface AttentionPair {
  readonly before: vscode.Uri;
  readonly after?: vscode.Uri;
}

interface PairItem extends vscode.QuickPickItem {
  readonly pair: AttentionPair;
}

/**
 * Works out what to compare a model with. The one file that belongs to it, by its name or its receipt, is taken; where
 * there is none, or more, the user is asked.
 *
 * @returns nothing when the user gave up
 */
export async function choosePair(model: vscode.Uri): Promise<AttentionPair | undefined> {
  const { model: original } = await receiptOrigin(model);
  const known = [...(await findModelFiles()), ...(original ? [original] : [])];
  const byPath = new Map(known.map((uri) => [uri.path, uri]));
  const found = partners(model.path, [...byPath.keys()], original?.path);
  const own = found.filter(({ by }) => by === 'name' || by === 'receipt');
  const items = found.flatMap((partner) => pairItem(model, partner, byPath));
  if (own.length === 1) return items[0].pair;
  const itself: PairItem = {
    label: '$(sync) The same model, with the trigger found in it',
    detail: 'Graphs without the trigger against the same graphs with it',
    pair: { before: model },
  };
  const picked = await vscode.window.showQuickPick(own.length > 0 ? [...items, itself] : [itself, ...items], {
    title: `Compare Attention of ${fileName(model)}`,
    placeHolder: 'With which model?',
    matchOnDescription: true,
  });
  return picked?.pair;
}

const reasons: Readonly<Record<Partner['by'], string | undefined>> = {
  name: 'belongs to it, by its name',
  receipt: 'what it was made from, by its receipt',
  folder: 'same folder',
  other: undefined,
};

function pairItem(model: vscode.Uri, { file, by }: Partner, byPath: ReadonlyMap<string, vscode.Uri>): PairItem[] {
  const uri = byPath.get(file);
  if (uri === undefined) return [];
  const pair = by === 'receipt' ? { before: uri, after: model } : pairOf(model, uri);
  return [
    {
      label: `$(file-binary) ${fileName(uri)}`,
      description: reasons[by],
      detail: vscode.workspace.asRelativePath(uri),
      pair,
    },
  ];
}

/** Two models in the order in which they are compared; the second one comes after where their names say nothing. */
export function pairOf(first: vscode.Uri, second: vscode.Uri): AttentionPair {
  const { before } = ordered(first.path, second.path);
  return before === first.path ? { before: first, after: second } : { before: second, after: first };
}
