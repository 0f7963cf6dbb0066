import path from 'node:path';
import * as vscode from 'vscode';

/** What the receipt of a purified file says it was made from. */
export interface ReceiptOrigin {
  readonly model?: vscode.Uri;
  readonly data?: vscode.Uri;
}

/** Receipts are small; whatever is larger is something else. */
const largestReceipt = 1_000_000;

/**
 * Reads the receipt that lies beside a purified file (`gin.purified.json` for `gin.purified.pt`).
 * Anything else that lies there says nothing.
 */
export async function receiptOrigin(model: vscode.Uri): Promise<ReceiptOrigin> {
  const { dir, name } = path.posix.parse(model.path);
  const file = model.with({ path: path.posix.join(dir, `${name}.json`) });
  try {
    if ((await vscode.workspace.fs.stat(file)).size > largestReceipt) return {};
    const receipt: unknown = JSON.parse(new TextDecoder().decode(await vscode.workspace.fs.readFile(file)));
    if (textAt(receipt, 'receipt')?.startsWith('graphnad-purify') !== true) return {};
    const [original, data] = [textAt(receipt, 'model', 'file'), textAt(receipt, 'data', 'folder')];
    return {
      ...(original !== undefined && path.isAbsolute(original) && { model: vscode.Uri.file(original) }),
      ...(data !== undefined && path.isAbsolute(data) && { data: vscode.Uri.file(data) }),
    };
  } catch {
    return {};
  }
}

function textAt(value: unknown, ...keys: readonly string[]): string | undefined {
  const found = keys.reduce<unknown>(
    (inner, key) =>
      typeof inner === 'object' && inner !== null ? (inner as Readonly<Record<string, unknown>>)[key] : undefined,
    value,
  );
  return typeof found === 'string' ? found : undefined;
}
