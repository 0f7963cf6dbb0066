import path from 'node:path';
import type { RemoteConsole } from 'vscode-languageserver';
import type { InitializationOptions } from '../../../protocol/requests';
import { isWithin } from '../jobs/paths';
import type { StoredResults } from '../jobs/cache/jobCache';
import { programId } from '../jobs/cache/programId';
import { ResultCache } from '../jobs/cache/resultCache';

/**
 * Where results are kept from session to session: in the folder that the client names, as long as it lies outside of
 * the workspace. A result that somebody put into a repository must not pass for ours.
 */
export class ResultStore {
  private folder: string | undefined;
  /** One for the session, so that what is cleared comes after what is being written. */
  private results: ResultCache | undefined;
  private stored: Promise<StoredResults | undefined> = Promise.resolve(undefined);

  /** @param programFolder where the build is, see `programId` */
  constructor(
    private readonly console: RemoteConsole,
    private readonly programFolder: string,
  ) {}

  /** @param options what the client sent, of any shape */
  initialize(options: unknown): void {
    const { cacheFolder } = (options ?? {}) as Partial<Record<keyof InitializationOptions, unknown>>;
    if (typeof cacheFolder === 'string' && path.isAbsolute(cacheFolder)) this.folder = cacheFolder;
  }

  /**
   * Decides whether there is a place for results; there is none before.
   *
   * @param workspace its folders
   * @param keep where false, what was kept is removed
   */
  use(workspace: readonly string[], keep: boolean): void {
    // One decision after the other: what is switched on again is not cleared behind its back.
    this.stored = this.stored
      .then(() => this.open(workspace, keep))
      .catch((error: unknown) => {
        this.console.warn(`Results of scans are not kept: ${String(error)}`);
        return undefined;
      });
  }

  /** @returns undefined where there is no place for results */
  get(): Promise<StoredResults | undefined> {
    return this.stored;
  }

  private async open(workspace: readonly string[], keep: boolean): Promise<StoredResults | undefined> {
    const { folder, console } = this;
    if (folder === undefined) return undefined;
    if (await isWithin(folder, workspace)) {
      console.warn(`Results of scans are not kept: ${folder} lies in the workspace.`);
      return undefined;
    }
    const onFailure = (reason: string): void => console.warn(`Results of scans cannot be kept in ${folder}: ${reason}`);
    this.results ??= new ResultCache({ folder, onFailure });
    if (!keep) {
      await this.results.clear();
      return undefined;
    }
    const program = await programId(this.programFolder);
    return program === undefined ? undefined : { results: this.results, program };
  }
}
