import { randomUUID } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import * as vscode from 'vscode';
import { ModelsNotification, TrustNotification } from '../protocol/models';
import { JobProgressNotification, StatusNotification } from '../protocol/requests';
import { busyTime, type Busy } from './activationTime';
import { CrashLimit } from './crashLimit';
import { errorMessage } from './errors';
import type * as Library from './languageClient';
import { RunQueue } from './runQueue';
import { queuePassword } from './queue/queuePassword';
import { readNodeRuntime, RuntimeError, type NodeRuntime } from './runtime/nodeRuntime';
import { setting, type SettingName } from './settings';

/** A server that has not answered by then is ended, so that a restart can follow. */
const startTimeoutMilliseconds = 60_000;

export type ServerState =
  | { readonly kind: 'starting' }
  | { readonly kind: 'running' }
  | { readonly kind: 'stopped' }
  | {
      readonly kind: 'failed';
      readonly reason: string;
      /** Setting that has to be changed, where that is why. */
      readonly setting?: SettingName;
    };

/** How long a start kept the extension host, in goes between which others have their turn. */
export interface StartCost {
  /** Loading the language client. */
  readonly loading: Busy;
  /**
   * Reading the settings, making and starting it, until the server's process was on its way. Where a Node.js or a queue is
   * set, that is waited for, and others who have their turn meanwhile are counted.
   */
  readonly starting: Busy;
}

interface RequestOptions {
  readonly token?: vscode.CancellationToken;
  /** Hears how the work on this request goes. */
  readonly onWorkDone?: (progress: Library.WorkDoneProgressBegin | Library.WorkDoneProgressReport) => void;
}

/** A request could not be sent because there is no running server. */
class ServerUnavailableError extends Error {
  constructor(readonly reason: string) {
    super(`The GraphNAD server is not running: ${reason}`);
    this.name = 'ServerUnavailableError';
  }
}

/** The analysis server as the rest of the client sees it: started, restarted, asked, and listened to. */
export class Server implements vscode.Disposable {
  private client: Library.LanguageClient | undefined;
  private current: ServerState = { kind: 'stopped' };
  private readonly crashes = new CrashLimit();
  private readonly restarts = new RunQueue(() => this.replaceClient());
  private readonly stateEmitter = new vscode.EventEmitter<ServerState>();
  private readonly statusEmitter = new vscode.EventEmitter<StatusNotification.Params>();
  private readonly jobEmitter = new vscode.EventEmitter<JobProgressNotification.Params>();
  private readonly modelsEmitter = new vscode.EventEmitter<ModelsNotification.Params>();
  private reported: StatusNotification.Params | undefined;
  private startCost: StartCost | undefined;

  readonly onDidChangeState = this.stateEmitter.event;
  readonly onDidReportStatus = this.statusEmitter.event;
  readonly onDidReportJob = this.jobEmitter.event;
  readonly onDidReportModels = this.modelsEmitter.event;

  constructor(
    private readonly context: vscode.ExtensionContext,
    private readonly log: vscode.LogOutputChannel,
  ) {}

  get state(): ServerState {
    return this.current;
  }

  /** What the first start took of the extension host; undefined until then. */
  get firstStart(): StartCost | undefined {
    return this.startCost;
  }

  /** What the server, as it runs now, said last of itself. */
  get lastStatus(): StatusNotification.Params | undefined {
    return this.reported;
  }

  /** Tells the server that the workspace is trusted now; one that starts later is told at its start. */
  async grantTrust(): Promise<void> {
    const params: TrustNotification.Params = {};
    await this.restarts.idle();
    if (this.current.kind === 'running') await this.client?.sendNotification(TrustNotification.method, params);
  }

  /** Starts the server, or stops it and starts it anew. Failure shows in {@link state}; it does not throw. */
  restart(): Promise<void> {
    this.crashes.reset();
    return this.restarts.run();
  }

  /**
   * Sends a request once the server runs.
   * @throws ServerUnavailableError when it does not run; the server's own error otherwise
   */
  async request<Result>(method: string, params: object, options: RequestOptions = {}): Promise<Result> {
    await this.restarts.idle();
    const client = this.client;
    if (client === undefined || this.current.kind === 'stopped' || this.current.kind === 'failed') {
      throw new ServerUnavailableError(this.current.kind === 'failed' ? this.current.reason : 'it was stopped.');
    }
    const { ErrorCodes, ResponseError, WorkDoneProgress } = await import('./languageClient');
    // Work whose progress is shown here must not be shown a second time by the client library.
    const workDoneToken = randomUUID();
    const subscription = client.onProgress(WorkDoneProgress.type, workDoneToken, (progress) => {
      if (progress.kind !== 'end') options.onWorkDone?.(progress);
    });
    try {
      return await client.sendRequest<Result>(method, { ...params, workDoneToken }, options.token);
    } catch (error) {
      const ended = error instanceof ResponseError && error.code === ErrorCodes.PendingResponseRejected;
      throw ended ? new ServerUnavailableError('it ended before it had answered.') : error;
    } finally {
      subscription.dispose();
    }
  }

  /** Stops the server for good. */
  async stop(): Promise<void> {
    await this.restarts.idle();
    await this.stopClient();
    this.setState({ kind: 'stopped' });
  }

  dispose(): void {
    this.stateEmitter.dispose();
    this.statusEmitter.dispose();
    this.jobEmitter.dispose();
    this.modelsEmitter.dispose();
  }

  private async replaceClient(): Promise<void> {
    this.setState({ kind: 'starting' });
    await this.stopClient();
    // Most of the extension's code, and none of it is needed for activation: others of the host have their turn first.
    await setImmediate();
    const busyLoading = busyTime();
    const library = await import('./languageClient');
    const loading = busyLoading();
    await setImmediate();
    const busyStarting = busyTime();
    let runtime: NodeRuntime | undefined;
    try {
      runtime = await chosenRuntime();
    } catch (error) {
      this.refuseRuntime(error);
      return;
    }
    const password = await queuePassword(this.context, this.log);
    const { CloseAction, createLanguageClient, ErrorAction, State } = library;
    this.log.info(
      `The server runs on ${runtime ? `Node.js ${runtime.version}, ${runtime.path}` : 'the Node.js of VS Code'}.`,
    );
    const client = createLanguageClient(
      this.context,
      this.log,
      { runtime, password },
      {
        error: (_error, _message, count) => ({
          action: (count ?? 0) <= 3 ? ErrorAction.Continue : ErrorAction.Shutdown,
          handled: true,
        }),
        closed: () => ({ action: CloseAction.DoNotRestart, handled: true, message: this.afterEnd(client) }),
      },
    );
    client.onDidChangeState(({ newState }) => {
      if (this.client !== client) return;
      if (newState === State.Running) this.setState({ kind: 'running' });
      // Nobody asked for it, and it was no crash: the library gave up on a connection with too many errors.
      else if (newState === State.Stopped && this.current.kind === 'running') {
        this.setState({ kind: 'failed', reason: 'the connection to it broke.' });
      }
    });
    client.onNotification(StatusNotification.method, (status: StatusNotification.Params) => {
      this.reported = status;
      this.statusEmitter.fire(status);
    });
    client.onNotification(ModelsNotification.method, (news: ModelsNotification.Params) =>
      this.modelsEmitter.fire(news),
    );
    client.onNotification(JobProgressNotification.method, (job: JobProgressNotification.Params) =>
      this.jobEmitter.fire(job),
    );
    this.client = client;
    try {
      const started = withinStartTimeout(client.start());
      this.startCost ??= { loading, starting: busyStarting() };
      await started;
    } catch (error) {
      // It ended before it had answered: what is done about that is settled.
      if (this.client !== client) return;
      this.client = undefined;
      client.serverProcess?.kill();
      this.log.error(`The server did not start: ${errorMessage(error)}`);
      this.setState({ kind: 'failed', reason: `it did not start (${errorMessage(error)}).` });
    }
  }

  /** A Node.js that was named and cannot be used is not replaced by another: the figures could depend on it. */
  private refuseRuntime(error: unknown): void {
    if (!(error instanceof RuntimeError)) throw error;
    const reason = `the setting graphnad.server.runtime names ${error.path}, which ${error.reason}.`;
    this.log.error(`The server was not started: ${reason}`);
    this.setState({ kind: 'failed', reason, setting: 'server.runtime' });
  }

  /**
   * Starts the next server where one ended that was not stopped. With a client of its own: one of the library that
   * restarts a server which ended while it started can end the new one with what it takes for the rest of the old.
   *
   * @returns what the log says of it
   */
  private afterEnd(client: Library.LanguageClient): string {
    if (this.client !== client) return 'The server has ended.';
    this.client = undefined;
    if (this.crashes.mayRestart(Date.now())) {
      void this.restarts.run();
      return 'The server ended unexpectedly. It is started again.';
    }
    const reason = 'it ended unexpectedly five times within three minutes.';
    this.setState({ kind: 'failed', reason });
    return `The server is not started again: ${reason}`;
  }

  private async stopClient(): Promise<void> {
    const client = this.client;
    this.client = undefined;
    if (client === undefined || !client.needsStop()) return;
    try {
      await client.dispose();
    } catch (error) {
      // A server that hangs or is already gone must not keep the next one from starting.
      this.log.warn(`The server did not stop cleanly: ${errorMessage(error)}`);
    }
  }

  private setState(state: ServerState): void {
    this.current = state;
    if (state.kind !== 'running') this.reported = undefined;
    this.stateEmitter.fire(state);
  }
}

/** @returns nothing where the choice is left to us. @throws RuntimeError */
async function chosenRuntime(): Promise<NodeRuntime | undefined> {
  const file = setting('server.runtime').trim();
  return file === '' ? undefined : readNodeRuntime(file);
}

async function withinStartTimeout(start: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('no answer within a minute')), startTimeoutMilliseconds);
  });
  try {
    await Promise.race([start, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
