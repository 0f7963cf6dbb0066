import * as vscode from 'vscode';
import type { FindingCode } from '../../protocol/findings';
import {
  HashModelRequest,
  InspectModelRequest,
  InspectorMessage,
  ModelKnowledgeRequest,
  type FromInspector,
  type InspectorCommand,
  type InspectorState,
  type ToInspector,
} from '../../protocol/inspector';
import { errorMessage, isCancellation } from '../errors';
import { fileName } from '../files';
import type { Server } from '../server';
import { Latest } from './latest';
import { StatisticsReader } from './statisticsReader';

/** A file that is being written changes many times: this long after the last change it is read again, in milliseconds. */
const calm = 300;

/** One inspector: asks the server about its file, anew when something changes, and shows the answers. */
export class InspectorEditor {
  private readonly commandEmitter = new vscode.EventEmitter<InspectorCommand>();
  private readonly explainEmitter = new vscode.EventEmitter<FindingCode>();
  private readonly inspecting = new Latest();
  private readonly learning = new Latest();
  private readonly hashing = new Latest();
  private readonly statistics: StatisticsReader;
  private readonly subscriptions: vscode.Disposable[];
  private current: InspectorState;
  private hashed: { readonly version: string; readonly done: Promise<void> } | undefined;
  private gone = false;
  private timer: NodeJS.Timeout | undefined;

  readonly onCommand = this.commandEmitter.event;
  readonly onExplainFinding = this.explainEmitter.event;

  constructor(
    readonly uri: vscode.Uri,
    private readonly panel: vscode.WebviewPanel,
    private readonly server: Server,
  ) {
    this.current = { name: fileName(uri), path: vscode.workspace.asRelativePath(uri) };
    this.statistics = new StatisticsReader(server, uri, (version, statistics) =>
      this.send({ type: InspectorMessage.Statistics, version, statistics }),
    );
    const watcher = vscode.workspace.createFileSystemWatcher(
      new vscode.RelativePattern(vscode.Uri.joinPath(uri, '..'), escapedGlob(fileName(uri))),
    );
    const isThis = (other: vscode.Uri | string): boolean => other.toString() === uri.toString();
    this.subscriptions = [
      this.commandEmitter,
      this.explainEmitter,
      watcher,
      watcher.onDidCreate(() => this.inspectSoon()),
      watcher.onDidChange(() => this.inspectSoon()),
      watcher.onDidDelete(() => this.inspectSoon()),
      vscode.languages.onDidChangeDiagnostics(({ uris }) => {
        if (uris.some(isThis)) void this.learn();
      }),
      server.onDidReportModels(({ changed, removed }) => {
        if (changed.some((entry) => isThis(entry.uri)) || removed.some(isThis)) void this.learn();
      }),
      server.onDidChangeState(({ kind }) => {
        if (kind === 'running' || kind === 'failed') this.reload();
      }),
      panel.webview.onDidReceiveMessage((message: FromInspector) => this.receive(message)),
    ];
    panel.onDidDispose(() => this.dispose());
    this.reload();
  }

  get state(): InspectorState {
    return this.current;
  }

  /** Reads the file, and what is known of it, anew. */
  reload(): void {
    void this.inspect();
    void this.learn();
  }

  /** Computes the file's hash where it is not known yet. */
  hash(): Promise<void> {
    const { inspection, sha256 } = this.current;
    if (inspection === undefined || sha256 !== undefined) return Promise.resolve();
    // What is under way is not begun anew each time something else is learnt.
    if (this.hashed?.version === inspection.version) return this.hashed.done;
    const done = this.hashing.run(async (token) => {
      const params: HashModelRequest.Params = { uri: this.uri.toString() };
      const result = await this.server.request<HashModelRequest.Result>(HashModelRequest.method, params, { token });
      // Of another content where the file changed meanwhile: it is inspected again then, and this forgotten.
      if (this.current.inspection === inspection) this.show({ ...this.current, sha256: result.sha256 });
    });
    this.hashed = { version: inspection.version, done };
    done.catch(() => (this.hashed = undefined));
    return done;
  }

  private inspectSoon(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.inspect(), calm);
  }

  private inspect(): Promise<void> {
    this.hashing.cancel();
    this.hashed = undefined;
    return this.inspecting.run(async (token) => {
      const params: InspectModelRequest.Params = { uri: this.uri.toString() };
      try {
        const inspection = await this.server.request<InspectModelRequest.Result>(InspectModelRequest.method, params, {
          token,
        });
        if (token.isCancellationRequested) return;
        const { name, path, knowledge } = this.current;
        this.show({ name, path, knowledge, inspection, sha256: inspection.sha256 });
        this.hashIfNeeded();
      } catch (error) {
        if (isCancellation(error) || token.isCancellationRequested) return;
        const { name, path } = this.current;
        this.show({ name, path, failure: errorMessage(error) });
      }
    });
  }

  private learn(): Promise<void> {
    return this.learning.run(async (token) => {
      const params: ModelKnowledgeRequest.Params = { uri: this.uri.toString() };
      const knowledge = await this.server
        .request<ModelKnowledgeRequest.Result>(ModelKnowledgeRequest.method, params, { token })
        // Why the server does not answer is said by the inspection.
        .catch(() => undefined);
      if (token.isCancellationRequested) return;
      this.show({ ...this.current, knowledge });
      this.hashIfNeeded();
    });
  }

  /** Whether a verdict is about the file as it is now can only be told by its hash. */
  private hashIfNeeded(): void {
    if (this.current.knowledge?.sha256 === undefined) return;
    this.hash().catch(() => {
      // It is left out of the header, where it can be asked for again.
    });
  }

  private show(state: InspectorState): void {
    this.current = state;
    this.send({ type: InspectorMessage.State, state });
  }

  private send(message: ToInspector): void {
    // A hidden page has no script that listens; it asks for everything when it is shown again.
    if (!this.gone) void this.panel.webview.postMessage(message);
  }

  private receive(message: FromInspector): void {
    switch (message.type) {
      case InspectorMessage.Ready:
        return this.send({ type: InspectorMessage.State, state: this.current });
      case InspectorMessage.WantStatistics:
        return this.statistics.want(message.version, message.names);
      case InspectorMessage.Command:
        return this.commandEmitter.fire(message.command);
      case InspectorMessage.ExplainFinding:
        return this.explainEmitter.fire(message.code);
    }
  }

  private dispose(): void {
    this.gone = true;
    clearTimeout(this.timer);
    for (const work of [this.inspecting, this.learning, this.hashing, this.statistics]) work.cancel();
    this.subscriptions.forEach((subscription) => void subscription.dispose());
  }
}

/** Names may hold what means something in a glob pattern. */
function escapedGlob(name: string): string {
  return name.replace(/[[\]{}*?]/g, (mark) => (mark === '[' || mark === ']' ? `[${mark}]` : '?'));
}
