import * as vscode from 'vscode';

/** A source that is cancelled as soon as one of the tokens is. Dispose it when the work has ended. */
export class LinkedCancellation implements vscode.Disposable {
  private readonly source = new vscode.CancellationTokenSource();
  private readonly subscriptions: readonly vscode.Disposable[];

  constructor(tokens: readonly (vscode.CancellationToken | undefined)[]) {
    const given = tokens.filter((token) => token !== undefined);
    this.subscriptions = given.map((token) => token.onCancellationRequested(() => this.cancel()));
    if (given.some((token) => token.isCancellationRequested)) this.cancel();
  }

  get token(): vscode.CancellationToken {
    return this.source.token;
  }

  cancel(): void {
    this.source.cancel();
  }

  dispose(): void {
    this.subscriptions.forEach((subscription) => void subscription.dispose());
    this.source.dispose();
  }
}
