import type { Connection } from 'vscode-languageserver';
import { plural } from '../../../protocol/numberText';
import type { WorkerPool } from '../jobs/pool';
import { logText } from './errors';
import { toUri } from './fileUri';
import type { ModelNews } from './modelNews';
import type { Publisher } from './publisher';
import type { Executors } from './queue/executors';
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
  readonly executor: Executors;
  readonly scans: ScanService;
  readonly status: Status;
  readonly store: ResultStore;
  readonly publisher: Publisher;
  readonly news: ModelNews;
}

/** Brings folders and settings into force, one change after the other. */
export class Workspace {
  private folders: readonly string[] = [];
  /** Settings of the window, ... */
  private current: Settings = defaultSettings;
  /** ... and of each folder. */
  private byFolder: ReadonlyMap<string, Settings> = new Map();
  private work: Promise<void> = Promise.resolve();

  constructor(private readonly tools: WorkspaceTools) {}

  /** The settings as they hold for a file. */
  settingsFor(file: string): Settings {
    return this.byFolder.get(this.tools.index.rootOf(file) ?? '') ?? this.current;
  }

  /** Scans what the user has come to trust, for backdoors this time. */
  trustGranted(): void {
    this.then('scanning a trusted workspace', () => {
      const { index, scans } = this.tools;
      index.modelFiles
        .filter((file) => this.settingsFor(file).scan.enabled)
        .forEach((file) => scans.scanInBackground(file));
      return Promise.resolve();
    });
  }

  /** Scans again what manifests say something else about now. */
  manifestsChanged(): void {
    this.then('looking at manifests', () => this.tools.scans.manifestsChanged());
  }

  /** Looks at everything again. */
  searchAgain(): void {
    this.then('searching the workspace', () => this.search());
  }

  /** Searches the workspace folders for the first time, with the settings of the client. */
  open(folders: readonly string[]): void {
    this.then('opening the workspace', async () => {
      this.folders = folders;
      await this.readSettings();
      this.keepResults();
      await this.search();
    });
  }

  changeFolders(added: readonly string[], removed: readonly string[]): void {
    this.then('changing the workspace folders', async () => {
      this.folders = [...this.folders.filter((folder) => !removed.includes(folder)), ...added];
      await this.readSettings();
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
      const { index, scans } = this.tools;
      const { keepResults } = this.current.scan;
      const before = new Map(index.modelFiles.map((file) => [file, this.settingsFor(file)]));
      await this.readSettings();
      if (keepResults !== this.current.scan.keepResults) this.keepResults();
      await this.search();
      for (const [file, old] of before) {
        if (index.version(file) === undefined) continue;
        const now = this.settingsFor(file);
        if (!now.scan.enabled) scans.forget(file);
        else if (mattersToScans(old) !== mattersToScans(now)) scans.scanInBackground(file);
      }
    });
  }

  private async readSettings(): Promise<void> {
    const { settings, pool, executor, publisher } = this.tools;
    this.current = await settings.get();
    const ofFolders = this.folders.map(async (folder) => [folder, await settings.get(toUri(folder))] as const);
    this.byFolder = new Map(await Promise.all(ofFolders));
    pool.resize(this.current.workers || undefined, this.current.performance.threads);
    executor.use(this.current.queue);
    publisher.use({ limit: this.current.problems.limit, rulesFor: (file) => this.settingsFor(file).severity });
  }

  private keepResults(): void {
    this.tools.store.use(this.folders, this.current.scan.keepResults);
  }

  private async search(): Promise<void> {
    const { index, connection, status, news } = this.tools;
    const start = performance.now();
    await index.setFolders(this.folders, (folder) => (this.byFolder.get(folder) ?? this.current).scan.exclude);
    news.searchEnded();
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
