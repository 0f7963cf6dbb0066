import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { CancellationToken, Connection } from 'vscode-languageserver';
import type { ModelEntry } from '../../../protocol/models';
import type { JobProgress, ScanReport } from '../../../protocol/reports';
import type { ScanParams } from '../../../protocol/requests';
import type { PurificationResult, Purifications } from '../jobs/cache/purifications';
import { withSeverities } from '../jobs/manifest/severities';
import { modelBytes } from '../jobs/modelBytes';
import { JobCancelledError } from '../jobs/workerProcess';
import { runJob } from '../jobs/workerTasks';
import { verdictInWords } from '../report/modelVerdict';
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
import type { Manifests } from './manifest/manifests';
import type { ModelNews } from './modelNews';
import type { Publisher } from './publisher';
import type { SettingsStore } from './settings';
import type { Activity, Status } from './status';
import type { WorkspaceTrust } from './trust';
import { showWork } from './workDone';
import type { WorkspaceIndex } from './workspaceIndex';

export interface ScanTools extends AssessmentTools {
  readonly connection: Connection;
  readonly settings: SettingsStore;
  readonly index: WorkspaceIndex;
  readonly publisher: Publisher;
  readonly status: Status;
  readonly news: ModelNews;
  readonly purifications: Purifications;
  readonly trust: WorkspaceTrust;
  readonly manifests: Manifests;
}

/** What is known of one model file, as long as it stays the same. */
interface ModelState {
  background?: AbortController;
  /** What goes on with it. */
  activity?: ModelEntry['activity'];
  /** When the last scan of it came to its end. */
  reached?: string;
  /** What is known of the file as the output of a purification. */
  purification?: PurificationResult;
  /** Present once its code was looked at. */
  report?: ScanReport;
  /** Of what the manifest said when it was last scanned, see `ManifestForScan.key`. */
  manifest?: string;
  /** Folder of the clean data that the report rests on, or will; null where there were none. */
  data?: string | null;
}

/** Scans model files: those of the workspace in the background, any when somebody asks. */
export class ScanService {
  private readonly models = new Map<string, ModelState>();
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

  /** A model file of the workspace and what is known of it; undefined where it is none. */
  entry(file: string): ModelEntry | undefined {
    const folder = this.tools.index.rootOf(file);
    if (folder === undefined || this.tools.index.version(file) === undefined) return undefined;
    const where = { uri: toUri(file), folder: toUri(folder) };
    const findings = this.tools.publisher.findings(file);
    const { report, activity, reached } = this.models.get(file) ?? {};
    if (findings === undefined) return { ...where, verdict: 'not-scanned', text: 'not scanned', activity };
    return { ...where, ...verdictInWords(findings, report), activity, reached };
  }

  /** Scans a file that is new or changed. What was found in an older version is no longer published. */
  scanInBackground(file: string): void {
    const before = this.models.get(file);
    before?.background?.abort();
    const background = new AbortController();
    const state: ModelState = { background, report: before?.report, reached: before?.reached };
    this.models.set(file, state);
    this.setActivity(file, state, 'queued');
    const { status, connection } = this.tools;
    const activity = status.begin(`Scanning ${path.basename(file)}`, false);
    this.assessInBackground(file, state, background.signal, activity)
      .catch((error: unknown) => {
        if (error instanceof JobCancelledError || background.signal.aborted) return;
        connection.console.error(`The scan of ${file} failed: ${logText(error)}`);
        if (this.models.get(file) !== state) return;
        state.report = undefined;
        state.reached = new Date().toISOString();
        this.tools.publisher.publish(file, [failedFinding(error)]);
      })
      .finally(() => {
        activity.done();
        this.setActivity(file, state, undefined);
      });
  }

  /** Forgets a file that is gone, or that is not to be scanned any more. */
  forget(file: string): void {
    this.models.get(file)?.background?.abort();
    this.models.delete(file);
    this.tools.publisher.clear(file);
    this.tools.news.changed(file);
  }

  /** Scans again what could not be assessed for want of data, and what was, or is being, assessed with this data set. */
  dataChanged(folder: string): void {
    for (const [file, { report, data, background }] of [...this.models]) {
      const isConcerned = data === folder || data === null || (report && wantsData(report));
      if (background && isConcerned) this.scanInBackground(file);
    }
  }

  /** Scans again what was not assessed because the analysis did not come to its end. */
  tryAgain(): void {
    for (const [file, { report, background }] of [...this.models]) {
      const { backdoor } = report ?? {};
      const isUnfinished = backdoor?.kind === 'not-assessed' && backdoor.code === 'GN906';
      if (background && isUnfinished) this.scanInBackground(file);
    }
  }

  /** Scans again the models of which a manifest says something else now. */
  async manifestsChanged(): Promise<void> {
    for (const [file, state] of [...this.models]) {
      if (!state.background || state.manifest === undefined) continue;
      const { key } = await this.tools.manifests.forScan(file);
      if (this.models.get(file) === state && state.manifest !== key) this.scanInBackground(file);
    }
  }

  /** Scans what a purification made, with its data, and publishes what it found out along with that. */
  async purifiedModel(file: string, result: PurificationResult): Promise<void> {
    await this.tools.purifications.remember(result);
    this.scanInBackground(file);
  }

  /**
   * Scans a file now, whatever its size and whether or not it lies in the workspace.
   *
   * @throws JobError, WorkerCrashedError, JobCancelledError
   */
  async scan(params: ScanParams, token: CancellationToken): Promise<ScanReport> {
    const model = toPath(params.uri);
    return showWork(this.tools, `Scanning ${path.basename(model)}`, params.workDoneToken, (shown) =>
      this.scanNow(model, params, shown.report, abortSignal(token, shown.token)),
    );
  }

  private async scanNow(
    model: string,
    params: ScanParams,
    progress: (progress: JobProgress) => void,
    signal: AbortSignal,
  ): Promise<ScanReport> {
    const data = params.dataUri === undefined ? undefined : toPath(params.dataUri);
    // A background scan goes on beside this one, so that something is published even when this is cancelled.
    const state = this.models.get(model) ?? {};
    this.models.set(model, state);
    this.setActivity(model, state, 'scanning');
    let used: string | null | undefined;
    try {
      const manifest = await this.tools.manifests.forScan(model);
      const report = await assessModel(
        {
          model,
          manifest,
          dataFor: async (sha256) => {
            const own = await this.purificationData(state, sha256);
            return data === undefined ? own : { data, features: params.features };
          },
          trusted: this.tools.trust.granted,
          settings: await this.tools.settings.get(this.folderUri(model)),
          urgent: true,
          signal,
          progress: (news) => {
            progress(news);
            this.setActivity(model, state, news.waits ?? 'scanning');
          },
          onData: (folder) => (used = folder),
        },
        this.tools,
      );
      state.background?.abort();
      state.data = used;
      state.manifest = manifest.key;
      state.reached = new Date().toISOString();
      const judged = withSeverities(report, manifest.settings);
      this.publish(model, state, judged);
      return judged;
    } finally {
      this.setActivity(model, state, undefined);
    }
  }

  private async assessInBackground(
    file: string,
    state: ModelState,
    signal: AbortSignal,
    activity: Activity,
  ): Promise<void> {
    const settings = await this.tools.settings.get(this.folderUri(file));
    // The index does not know an output beyond the workspace. Where the file cannot be read, the scan says so.
    const bytes = this.tools.index.version(file)?.bytes ?? (await modelBytes(file).catch(() => 0));
    const limit = settings.scan.maxFileSize;
    if (bytes > limit * 1e6) {
      // Its code is looked at by ranges, which costs the same whatever the size.
      const inspection = await runJob(
        this.tools.executor,
        { kind: 'inspect', model: file },
        { priority: 'code-safety', signal },
      );
      if (signal.aborted) return;
      state.report = undefined;
      state.reached = new Date().toISOString();
      this.tools.publisher.publish(file, [...inspection.findings, tooLargeFinding(bytes, limit)]);
      return;
    }
    const manifest = await this.tools.manifests.forScan(file);
    state.manifest = manifest.key;
    const report = await assessModel(
      {
        model: file,
        manifest,
        dataFor: (sha256) => this.purificationData(state, sha256),
        settings,
        trusted: this.tools.trust.granted,
        urgent: false,
        signal,
        progress: ({ fraction, waits }) => {
          if (waits === undefined) activity.progress(fraction);
          this.setActivity(file, state, waits ?? 'scanning');
        },
        onCode: (found) => {
          const before = state.report;
          const code = withSeverities(found, manifest.settings);
          this.publish(file, state, code.sha256 === before?.sha256 ? whileScannedAgain(code, before) : code);
        },
        onData: (folder) => (state.data = folder),
      },
      this.tools,
    );
    if (signal.aborted) return;
    state.reached = report.cached?.computed ?? new Date().toISOString();
    this.publish(file, state, withSeverities(report, manifest.settings));
  }

  /** What a purification made is scanned with the data it was given, wherever they are, as long as they are there. */
  private async purificationData(state: ModelState, sha256: string): Promise<ChosenData | undefined> {
    state.purification = await this.tools.purifications.of(sha256);
    const { data } = state.purification ?? {};
    return data !== undefined && (await isFolder(data)) ? state.purification : undefined;
  }

  private setActivity(file: string, state: ModelState, activity: ModelEntry['activity']): void {
    if (state.activity === activity) return;
    state.activity = activity;
    this.tools.news.changed(file);
  }

  private publish(file: string, state: ModelState, report: ScanReport): void {
    // The file changed or went meanwhile.
    if (this.models.get(file) !== state) return;
    state.report = report;
    if (report.settings.backend !== 'none') this.lastBackend = report.settings.backend;
    const { purification } = state;
    const more = purification?.sha256 === report.sha256 ? findingsBeside(report, purification.findings) : [];
    this.tools.publisher.publish(file, [...report.findings, ...more], report);
    this.tools.news.changed(file);
  }

  private folderUri(file: string): string | undefined {
    const root = this.tools.index.rootOf(file);
    return root === undefined ? undefined : toUri(root);
  }
}

async function isFolder(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found?.isDirectory() === true;
}

/** Whether a model was not assessed because data did not fit or could not be read. */
function wantsData({ backdoor }: ScanReport): boolean {
  return backdoor.kind === 'not-assessed' && (backdoor.code === 'GN904' || backdoor.code === 'GN906');
}
