import path from 'node:path';
import type { CancellationToken, Connection } from 'vscode-languageserver';
import type { Finding } from '../../../protocol/findings';
import type { ScanReport } from '../../../protocol/reports';
import type { ScanParams } from '../../../protocol/requests';
import { JobCancelledError } from '../jobs/workerProcess';
import { assessModel, failedFinding, tooLargeFinding, type AssessmentTools } from './assessModel';
import { abortSignal } from './cancellation';
import { logText } from './errors';
import { toPath, toUri } from './fileUri';
import type { Publisher } from './publisher';
import type { SettingsStore } from './settings';
import type { Status } from './status';
import { beginWorkDone } from './workDone';
import type { WorkspaceIndex } from './workspaceIndex';

export interface ScanTools extends AssessmentTools {
  readonly connection: Connection;
  readonly settings: SettingsStore;
  readonly index: WorkspaceIndex;
  readonly publisher: Publisher;
  readonly status: Status;
}

/** What is known of one model file, as long as it stays the same. */
interface ModelState {
  background?: AbortController;
  /** Present once its code was looked at. */
  report?: ScanReport;
}

/** Findings about a file that purification made, valid for that content alone. */
interface PurificationResult {
  readonly sha256: string;
  readonly findings: readonly Finding[];
}

/** Scans model files: those of the workspace in the background, any when somebody asks. */
export class ScanService {
  private readonly models = new Map<string, ModelState>();
  private readonly purified = new Map<string, PurificationResult>();

  private lastBackend: string | undefined;

  constructor(private readonly tools: ScanTools) {}

  /** Name of the backend that ran the last model. */
  get backend(): string | undefined {
    return this.lastBackend;
  }

  /** The last report of a file, or what is known so far while it is scanned. */
  report(file: string): ScanReport | undefined {
    return this.models.get(file)?.report;
  }

  /** Scans a file that is new or changed. What was found in an older version is no longer published. */
  scanInBackground(file: string): void {
    const before = this.models.get(file);
    before?.background?.abort();
    const background = new AbortController();
    const state: ModelState = { background, report: before?.report };
    this.models.set(file, state);
    const { status, connection } = this.tools;
    const done = status.begin(`Scanning ${path.basename(file)}`, false);
    this.assessInBackground(file, state, background.signal)
      .catch((error: unknown) => {
        if (error instanceof JobCancelledError || background.signal.aborted) return;
        connection.console.error(`The scan of ${file} failed: ${logText(error)}`);
        if (this.models.get(file) !== state) return;
        state.report = undefined;
        this.tools.publisher.publish(file, [failedFinding(error)]);
      })
      .finally(done);
  }

  /** Forgets a file that is gone, or that is not to be scanned any more. */
  forget(file: string): void {
    this.models.get(file)?.background?.abort();
    this.models.delete(file);
    this.tools.publisher.clear(file);
  }

  forgetAll(): void {
    for (const file of [...this.models.keys()]) this.forget(file);
  }

  /** Scans again what could not be assessed for want of data, and what was assessed with this data set. */
  dataChanged(folder: string): void {
    for (const [file, { report, background }] of [...this.models]) {
      const wanting = report?.backdoor.kind === 'not-assessed' && report.backdoor.code === 'GN904';
      const isConcerned = wanting || report?.settings.data === folder;
      if (background && isConcerned) this.scanInBackground(file);
    }
  }

  /** Notes what a purification found out about its output; published with the scan of that content. */
  purifiedModel(file: string, result: PurificationResult): void {
    this.purified.set(file, result);
    const state = this.models.get(file);
    if (state?.report) this.publish(file, state, state.report);
  }

  /**
   * Scans a file now, whatever its size and whether or not it lies in the workspace.
   *
   * @throws JobError, WorkerCrashedError, JobCancelledError
   */
  async scan(params: ScanParams, token: CancellationToken): Promise<ScanReport> {
    const { connection, settings, status } = this.tools;
    const model = toPath(params.uri);
    const data = params.dataUri === undefined ? undefined : toPath(params.dataUri);
    const title = `Scanning ${path.basename(model)}`;
    const workDone = await beginWorkDone(connection, title, params.workDoneToken);
    const done = status.begin(title, true);
    // A background scan goes on beside this one, so that something is published even when this is cancelled.
    const state = this.models.get(model) ?? {};
    this.models.set(model, state);
    try {
      const report = await assessModel(
        {
          model,
          data,
          features: params.features,
          settings: await settings.get(this.folderUri(model)),
          urgent: true,
          signal: abortSignal(token, workDone.token),
          progress: workDone.report,
        },
        this.tools,
      );
      state.background?.abort();
      this.publish(model, state, report);
      return report;
    } finally {
      workDone.done();
      done();
    }
  }

  private async assessInBackground(file: string, state: ModelState, signal: AbortSignal): Promise<void> {
    const settings = await this.tools.settings.get(this.folderUri(file));
    const bytes = this.tools.index.version(file)?.bytes ?? 0;
    const limit = settings.scan.maxFileSize;
    if (bytes > limit * 1e6) {
      state.report = undefined;
      if (!signal.aborted) this.tools.publisher.publish(file, [tooLargeFinding(bytes, limit)]);
      return;
    }
    const onCode = (report: ScanReport): void => {
      // The same content again: what is published already says more.
      if (report.sha256 !== state.report?.sha256) this.publish(file, state, report);
    };
    const report = await assessModel({ model: file, settings, urgent: false, signal, onCode }, this.tools);
    if (!signal.aborted) this.publish(file, state, report);
  }

  private publish(file: string, state: ModelState, report: ScanReport): void {
    // The file changed or went meanwhile.
    if (this.models.get(file) !== state) return;
    state.report = report;
    if (report.settings.backend !== 'none') this.lastBackend = report.settings.backend;
    const purified = this.purified.get(file);
    const more = purified?.sha256 === report.sha256 ? purified.findings : [];
    this.tools.publisher.publish(file, [...report.findings, ...more], report);
  }

  private folderUri(file: string): string | undefined {
    const root = this.tools.index.rootOf(file);
    return root === undefined ? undefined : toUri(root);
  }
}
