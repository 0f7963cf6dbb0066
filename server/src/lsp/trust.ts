import { LSPErrorCodes, ResponseError } from 'vscode-languageserver';

/**
 * Whether the user trusts the workspace. Where not, as in VS Code's Restricted Mode, files are looked at for code alone:
 * models are not run on data of the workspace, and nothing is written.
 */
export class WorkspaceTrust {
  private trusted = true;

  /** @param options what the client sent at the start, of any shape; trusted unless it says otherwise */
  initialize(options: unknown): void {
    const { trusted } = (options ?? {}) as { readonly trusted?: unknown };
    this.trusted = trusted !== false;
  }

  get granted(): boolean {
    return this.trusted;
  }

  /** @returns whether that is news */
  grant(): boolean {
    const isNews = !this.trusted;
    this.trusted = true;
    return isNews;
  }

  /** @throws ResponseError where the workspace is not trusted */
  require(what: string): void {
    if (!this.trusted) throw new ResponseError(LSPErrorCodes.RequestFailed, `${what} needs a trusted workspace`);
  }
}
