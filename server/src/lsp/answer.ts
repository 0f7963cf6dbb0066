import { LSPErrorCodes, type CancellationToken, type Connection } from 'vscode-languageserver';
import { logText, toResponseError } from './errors';

/** Answers a custom request; what the handler throws becomes the answer in plain words, and is logged. */
export function answer<Params, Result>(
  connection: Connection,
  method: string,
  handler: (params: Params, token: CancellationToken) => Result | Promise<Result>,
): void {
  connection.onRequest(method, async (params: Params, token: CancellationToken) => {
    try {
      return await handler(params, token);
    } catch (error) {
      const answer = toResponseError(error);
      if (answer.code !== LSPErrorCodes.RequestCancelled) connection.console.error(`${method}: ${logText(error)}`);
      throw answer;
    }
  });
}
