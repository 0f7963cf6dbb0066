import type * as vscode from 'vscode';
import type { ScanReport } from '../protocol/reports';
import { ScanRequest } from '../protocol/requests';
import { LinkedCancellation } from './cancellation';
import type { Server } from './server';

interface ScanOptions {
  readonly dataUri?: vscode.Uri;
  /** Each of them cancels the scan. */
  readonly tokens: readonly (vscode.CancellationToken | undefined)[];
  readonly progress: vscode.Progress<{ message?: string; increment?: number }>;
}

/** Scans one model file now. Rejects with the server's error, also when cancelled. */
export async function scan(server: Server, model: vscode.Uri, options: ScanOptions): Promise<ScanReport> {
  const cancellation = new LinkedCancellation(options.tokens);
  const params: ScanRequest.Params = { uri: model.toString(), dataUri: options.dataUri?.toString() };
  let shown = 0;
  try {
    return await server.request<ScanRequest.Result>(ScanRequest.method, params, {
      token: cancellation.token,
      onWorkDone: ({ message, percentage = shown }) => {
        options.progress.report({ message, increment: Math.max(0, percentage - shown) });
        shown = Math.max(shown, percentage);
      },
    });
  } finally {
    cancellation.dispose();
  }
}
