import type * as vscode from 'vscode';
import { TensorStatisticsRequest } from '../../protocol/inspector';
import { errorMessage, isCancellation } from '../errors';
import type { Server } from '../server';
import { Latest } from './latest';

/** Tensors asked for at once: few enough for the rows in view to be there first. */
const perRequest = 200;

/** Fetches figures of tensors, those wanted last and no others. */
export class StatisticsReader {
  private readonly reading = new Latest();

  constructor(
    private readonly server: Server,
    private readonly uri: vscode.Uri,
    private readonly show: (version: string, statistics: TensorStatisticsRequest.Result) => void,
  ) {}

  /** @param names in the order in which they are wanted */
  want(version: string, names: readonly string[]): void {
    void this.reading.run(async (token) => {
      for (let at = 0; at < names.length; at += perRequest) {
        const part = names.slice(at, at + perRequest);
        const statistics = await this.read({ uri: this.uri.toString(), version, names: part }, token);
        if (statistics === undefined || token.isCancellationRequested) return;
        this.show(version, statistics);
      }
    });
  }

  cancel(): void {
    this.reading.cancel();
  }

  private async read(
    params: TensorStatisticsRequest.Params,
    token: vscode.CancellationToken,
  ): Promise<TensorStatisticsRequest.Result | undefined> {
    try {
      return await this.server.request<TensorStatisticsRequest.Result>(TensorStatisticsRequest.method, params, {
        token,
      });
    } catch (error) {
      // Without a server, or of a file that changed, the figures are asked for again when the file was inspected again.
      if (isCancellation(error) || isPassing(error)) return undefined;
      const problem = errorMessage(error);
      return params.names.map((name) => ({ name, problem }));
    }
  }
}

function isPassing(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { data } = error as Error & { readonly data?: { readonly name?: unknown } };
  return error.name === 'ServerUnavailableError' || data?.name === 'ModelChangedError';
}
