import path from 'node:path';
import type { CancellationToken, Connection } from 'vscode-languageserver';
import type { Finding } from '../../../protocol/findings';
import type { ScanReport } from '../../../protocol/reports';
import type { ScanParams } from '../../../protocol/requests';
import { JobCancelledError } from '../jobs/workerProcess';
import {
  assessModel,
  failedFinding,
  findingsBeside,
  tooLargeFinding,
  whileScannedAgain,
  type AssessmentTools,
  type ChosenData,
} from './assessModel';
import { abortSignal } from './cancellation';
import { logText } from './errors';
import { toPath, toUri } from './fileUri';
import type { Publisher } from './publisher';
import type { SettingsStore } from './settings';
import type { Activity, Status } from './status';
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
  /** Folder of the clean data that the report rests on, or will; null where there were none. */
  data?: string | null;
}

/** What is known about a file that purification made, with the data it used. Valid for that content alone. */
export interface PurificationResult extends ChosenData {
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
    const activity = status.begin(`Scanning ${path.basename(file)}`, false);
    this.assessInBackground(file, state, background.signal, activity)
      .catch((error: unknown) => {
        if (error instanceof JobCancelledError || background.signal.aborted) return;
        connection.console.error(`The scan of ${file} failed: ${logText(error)}`);
        if (this.models.get(file) !== state) return;
        state.report = undefined;
        this.tools.publisher.publish(file, [failedFinding(error)]);
      })
      .finally(activity.done);
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

  /** Scans again what could not be assessed for want of data, and what was, or is being, assessed with this data set. */
  dataChanged(folder: string): void {
    for (const [file, { report, data, background }] of [...this.models]) {
      const isConcerned = data === folder || data === null || (report && wantsData(report));
      if (background && isConcerned) this.scanInBackground(file);
    }
  }

  /** Scans what a purification made, with its data, and publishes what it found out along with that. */
  purifiedModel(file: string, result: PurificationResult): void {
    this.purified.set(file, result);
    this.scanInBackground(file);
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
    const activity = status.begin(title, true);
    // A background scan goes on beside this one, so that something is published even when this is cancelled.
    const state = this.models.get(model) ?? {};
    this.models.set(model, state);
    let used: string | null | undefined;
    try {
      const report = await assessModel(
        {
          model,
          dataFor: (sha256) =>
            data === undefined ? this.purificationData(model, sha256) : { data, features: params.features },
          settings: await settings.get(this.folderUri(model)),
          urgent: true,
          signal: abortSignal(token, workDone.token),
          progress: (progress) => {
            workDone.report(progress);
            activity.progress(progress.fraction);
          },
          onData: (folder) => (used = folder),
        },
        this.tools,
      );
      state.background?.abort();
      state.data = used;
      this.publish(model, state, report);
      return report;
    } finally {
      workDone.done();
      activity.done();
    }
  }

  private async assessInBackground(
    file: string,
    state: ModelState,
    signal: AbortSignal,
    activity: Activity,
  ): Promise<void> {
    const settings = await this.tools.settings.get(this.folderUri(file));
    const bytes = this.tools.index.version(file)?.bytes ?? 0;
    const limit = settings.scan.maxFileSize;
    if (bytes > limit * 1e6) {
      state.report = undefined;
      if (!signal.aborted) this.tools.publisher.publish(file, [tooLargeFinding(bytes, limit)]);
      return;
    }
    const report = await assessModel(
      {
        model: file,
        dataFor: (sha256) => this.purificationData(file, sha256),
        settings,
        urgent: false,
        signal,
        progress: ({ fraction }) => activity.progress(fraction),
        onCode: (code) => {
          const before = state.report;
          this.publish(file, state, code.sha256 === before?.sha256 ? whileScannedAgain(code, before) : code);
        },
        onData: (folder) => (state.data = folder),
      },
      this.tools,
    );
    if (!signal.aborted) this.publish(file, state, report);
  }

  /** What a purification made is scanned with the data it was given, wherever they are. */
  private purificationData(file: string, sha256: string): ChosenData | undefined {
    const purified = this.purified.get(file);
    return purified?.sha256 === sha256 ? purified : undefined;
  }

  private publish(file: string, state: ModelState, report: ScanReport): void {
    // The file changed or went meanwhile.
    if (this.models.get(file) !== state) return;
    state.report = report;
    if (report.settings.backend !== 'none') this.lastBackend = report.settings.backend;
    const purified = this.purified.get(file);
    const more = purified?.sha256 === report.sha256 ? findingsBeside(report, purified.findings) : [];
    this.tools.publisher.publish(file, [...report.findings, ...more], report);
  }

  private folderUri(file: string): string | undefined {
    const root = this.tools.index.rootOf(file);
    return root === undefined ? undefined : toUri(root);
  }
}

/** Whether a model was not assessed because data did not fit or could not be read. */
function wantsData({ backdoor }: ScanReport): boolean {
  return backdoor.kind === 'not-assessed' && (backdoor.code === 'GN904' || backdoor.code === 'GN906');
}
