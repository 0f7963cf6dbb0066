import type { CancellationToken } from 'vscode-languageserver';

/** An abort signal that follows cancellation tokens of the protocol. */
export function abortSignal(...tokens: readonly (CancellationToken | undefined)[]): AbortSignal {
  const controller = new AbortController();
  for (const token of tokens) {
    if (token?.isCancellationRequested) controller.abort();
    token?.onCancellationRequested(() => controller.abort());
  }
  return controller.signal;
}
