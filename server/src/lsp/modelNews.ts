import type { Connection } from 'vscode-languageserver';
import { ModelsNotification, type ModelEntry } from '../../../protocol/models';
import { toUri } from './fileUri';
import { unheard } from './unheard';

/** Least time between two notifications, in milliseconds. */
const interval = 100;

/** Tells the client what is known of the workspace's model files, in batches of those about which something changed. */
export class ModelNews {
  private readonly changedFiles = new Set<string>();
  private searched = false;
  private timer: NodeJS.Timeout | undefined;

  /** @param describe answers what is known of a file now; undefined where it is no model file of the workspace */
  constructor(
    private readonly connection: Connection,
    private readonly describe: (file: string) => ModelEntry | undefined,
  ) {}

  /** Something about a file may have changed: it came, went, or was scanned. */
  changed(file: string): void {
    this.changedFiles.add(file);
    this.schedule();
  }

  /** All model files are known by now. */
  searchEnded(): void {
    this.searched = true;
    this.schedule();
  }

  dispose(): void {
    clearTimeout(this.timer);
  }

  private schedule(): void {
    this.timer ??= setTimeout(() => this.send(), interval);
  }

  private send(): void {
    this.timer = undefined;
    const changed: ModelEntry[] = [];
    const removed: string[] = [];
    for (const file of this.changedFiles) {
      const entry = this.describe(file);
      if (entry) changed.push(entry);
      else removed.push(toUri(file));
    }
    this.changedFiles.clear();
    const news: ModelsNotification.Params = { changed, removed, searched: this.searched };
    unheard(this.connection.sendNotification(ModelsNotification.method, news));
  }
}
