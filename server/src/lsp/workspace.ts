import type { Connection } from 'vscode-languageserver';
import type { WorkerPool } from '../jobs/pool';
import { plural } from '../report/numbers';
import { logText } from './errors';
import type { ResultStore } from './resultStore';
import type { ScanService } from './scanService';
import { defaultSettings, type Settings, type SettingsStore } from './settings';
import type { Status } from './status';
import type { WorkspaceIndex } from './workspaceIndex';

export interface WorkspaceTools {
  readonly connection: Connection;
  readonly settings: SettingsStore;
  readonly index: WorkspaceIndex;
  readonly pool: WorkerPool;
  readonly scans: ScanService;
  readonly status: Status;
  readonly store: ResultStore;
}

/** Brings folders and settings into force, one change after the other. */
export class Workspace {
  private folders: readonly string[] = [];
  private current: Settings = defaultSettings;
  private work: Promise<void> = Promise.resolve();

  constructor(private readonly tools: WorkspaceTools) {}

  /** Whether model files are scanned without being asked for. */
  get scansInBackground(): boolean {
    return this.current.scan.enabled;
  }

  /** Searches the workspace folders for the first time, with the settings of the client. */
  open(folders: readonly string[]): void {
    this.then('opening the workspace', async () => {
      this.folders = folders;
      const { settings, pool } = this.tools;
      this.current = await settings.get();
      pool.resize(this.current.workers || undefined, this.current.performance.threads);
      this.keepResults();
      await this.search();
    });
  }

  changeFolders(added: readonly string[], removed: readonly string[]): void {
    this.then('changing the workspace folders', async () => {
      this.folders = [...this.folders.filter((folder) => !removed.includes(folder)), ...added];
      this.keepResults();
      await this.search();
    });
  }

  /** Looks again at files that may have changed. */
  refresh(paths: readonly string[]): void {
    this.then('looking at changed files', () => this.tools.index.refresh(paths));
  }

  /** Takes over new settings and redoes what depends on them. */
  settingsChanged(): void {
    this.then('changing settings', async () => {
      const { settings, pool, index, scans } = this.tools;
      const before = this.current;
      this.current = await settings.get();
      pool.resize(this.current.workers || undefined, this.current.performance.threads);
      if (before.scan.keepResults !== this.current.scan.keepResults) this.keepResults();
      await this.search();
      if (!this.current.scan.enabled) scans.forgetAll();
      else if (mattersToScans(before) !== mattersToScans(this.current))
        index.modelFiles.forEach((file) => scans.scanInBackground(file));
    });
  }

  private keepResults(): void {
    this.tools.store.use(this.folders, this.current.scan.keepResults);
  }

  private async search(): Promise<void> {
    const { index, connection, status } = this.tools;
    const start = performance.now();
    await index.setFolders(this.folders, this.current.scan.exclude);
    status.changed();
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    connection.console.info(
      `${plural(this.folders.length, 'workspace folder')} searched in ${seconds} s: ` +
        `${plural(index.modelFiles.length, 'model file')}, ${plural(index.dataFolders.size, 'data set')}`,
    );
  }

  private then(what: string, change: () => Promise<void>): void {
    this.work = this.work.then(change).catch((error: unknown) => {
      this.tools.connection.console.error(`${what} failed: ${logText(error)}`);
    });
  }
}

/** The settings that a scan's outcome depends on. */
function mattersToScans({ scan, seed, backend }: Settings): string {
  return JSON.stringify([scan.enabled, scan.backdoors, scan.maxFileSize, seed, backend]);
}
