import * as vscode from 'vscode';

/** Work of which only the newest counts: starting it again cancels what still runs. */
export class Latest {
  private source: vscode.CancellationTokenSource | undefined;

  async run(work: (token: vscode.CancellationToken) => Promise<void>): Promise<void> {
    this.cancel();
    const source = new vscode.CancellationTokenSource();
    this.source = source;
    try {
      await work(source.token);
    } finally {
      if (this.source === source) this.source = undefined;
      source.dispose();
    }
  }

  cancel(): void {
    this.source?.cancel();
    this.source = undefined;
  }
}
