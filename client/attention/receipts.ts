import path from 'node:path';
import * as vscode from 'vscode';

/** What the receipt of a purified file says it was made from. */
export interface ReceiptOrigin {
  readonly model?: vscode.Uri;
  readonly data?: vscode.Uri;
}

/** Receipts are small; whatever is larger is something else. */
const largestReceipt = 1_000_000;

/** How the files beside `gin.purified.pt` are called that hold a receipt: itself, or as part of a report. */
const endings = ['.json', '.receipt.json', '.report.json'];

/**
 * Reads the receipt that lies beside a purified file (`gin.purified.json` for `gin.purified.pt`).
 * Anything else that lies there says nothing.
 */
export async function receiptOrigin(model: vscode.Uri): Promise<ReceiptOrigin> {
  const { dir, name } = path.posix.parse(model.path);
  for (const ending of endings) {
    const receipt = await readReceipt(model.with({ path: path.posix.join(dir, name + ending) }));
    if (receipt === undefined) continue;
    const [original, data] = [textAt(receipt, 'model', 'file'), textAt(receipt, 'data', 'folder')];
    return {
      ...(original !== undefined && path.isAbsolute(original) && { model: vscode.Uri.file(original) }),
      ...(data !== undefined && path.isAbsolute(data) && { data: vscode.Uri.file(data) }),
    };
  }
  return {};
}

async function readReceipt(file: vscode.Uri): Promise<unknown> {
  try {
    if ((await vscode.workspace.fs.stat(file)).size > largestReceipt) return undefined;
    const whole: unknown = JSON.parse(new TextDecoder().decode(await vscode.workspace.fs.readFile(file)));
    const inner = typeof whole === 'object' && whole !== null && 'receipt' in whole ? whole.receipt : undefined;
    return [whole, inner].find((part) => textAt(part, 'receipt')?.startsWith('graphnad-purify') === true);
  } catch {
    return undefined; // it is not there, or no JSON
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
