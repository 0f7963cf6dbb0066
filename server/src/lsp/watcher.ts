import { DidChangeWatchedFilesNotification, WatchKind, type Connection, type FileEvent } from 'vscode-languageserver';
import { modelGlob } from '../../../protocol/model';
import { toPaths } from './fileUri';

/** Changes are passed on when none came for so long, ... */
const quiet = 200;
/** ... and after this time at the latest, in milliseconds. */
const patience = 1000;

/** Asks the client to watch the workspace, and passes on in batches which paths to look at. */
export class Watcher {
  private readonly changed = new Set<string>();
  private timer: NodeJS.Timeout | undefined;
  private since = 0;

  constructor(
    private readonly connection: Connection,
    private readonly onChange: (paths: readonly string[]) => void,
  ) {
    connection.onDidChangeWatchedFiles(({ changes }) => this.note(changes));
  }

  async register(): Promise<void> {
    await this.connection.client.register(DidChangeWatchedFilesNotification.type, {
      watchers: [
        { globPattern: modelGlob },
        {
          globPattern:
            '**/*_{A,graph_indicator,graph_labels,node_labels,node_attributes,edge_labels,edge_attributes}.txt',
        },
        { globPattern: '**/{edge,edge-feat,graph-label,node-feat,num-edge-list,num-node-list}.csv.gz' },
        // Manifests, and the lists of ids that they name.
        { globPattern: '**/*.json' },
        // Folders that are moved or deleted are reported by themselves, without the files in them.
        { globPattern: '**/*', kind: WatchKind.Create | WatchKind.Delete },
      ],
    });
  }

  dispose(): void {
    clearTimeout(this.timer);
  }

  private note(changes: readonly FileEvent[]): void {
    toPaths(changes.map(({ uri }) => uri)).forEach((path) => this.changed.add(path));
    const now = performance.now();
    if (this.timer === undefined) this.since = now;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.passOn(), Math.max(0, Math.min(quiet, this.since + patience - now)));
  }

  private passOn(): void {
    this.timer = undefined;
    const paths = [...this.changed];
    this.changed.clear();
    this.onChange(paths);
  }
}
