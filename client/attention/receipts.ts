import path from 'node:path';
import * as vscode from 'vscode';
import { receiptEndings } from '../../protocol/receipt';

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
  const { dir, name, base } = path.posix.parse(model.path);
  for (const file of [name, base].flatMap((stem) => receiptEndings.map((ending) => stem + ending))) {
    const receipt = await readReceipt(model.with({ path: path.posix.join(dir, file) }));
    if (receipt === undefined) continue;
    const [original, data] = [textAt(receipt, 'model', 'file'), textAt(receipt, 'data', 'folder')];
    return {
      ...(original !== undefined && isOnDisk(original) && { model: vscode.Uri.file(original) }),
      ...(data !== undefined && isOnDisk(data) && { data: vscode.Uri.file(data) }),
    };
  }
  return {};
}

/** Whether a path, which a stranger may have written, leads to no other machine: looking there would greet it. */
function isOnDisk(file: string): boolean {
  return path.isAbsolute(file) && !/^[\\/]{2}/.test(file);
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
