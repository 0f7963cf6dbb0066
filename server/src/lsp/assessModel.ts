import path from 'node:path';
import type { Finding } from '../../../protocol/findings';
import type { FeatureChoice } from '../../../protocol/model';
import type { BackdoorVerdict, JobProgress, ScanReport } from '../../../protocol/reports';
import { JobError } from '../jobs/messages';
import type { PurifiedWith } from '../jobs/purifiedWith';
import { scanWithFitting } from '../jobs/scanWithFitting';
import { JobCancelledError, WorkerCrashedError } from '../jobs/workerProcess';
import { isAboutCode } from '../scan/codeSafety';
import { backdoorFindings } from '../scan/findings';
import type { SettledData } from '../jobs/manifest/modelSettings';
import type { DataDiscovery, RankedData } from './dataDiscovery';
import { repeatJob, type JobTools } from './jobs';
import type { ManifestForScan } from './manifest/manifests';
import type { Settings } from './settings';

/** Clean data for one model. */
export interface ChosenData {
  /** Absolute path of a TU folder. */
  readonly data: string;
  readonly features?: FeatureChoice;
  /** Ids of the graphs that are known to be clean; all where absent. */
  readonly cleanIds?: readonly number[];
  /** Of a model that a purification made: the clean graphs that it was made with. */
  readonly purifiedWith?: PurifiedWith;
}

export interface AssessmentRequest {
  /** Absolute path of the model file. */
  readonly model: string;
  /** The clean data for a model file of this content (SHA-256); looked for in the workspace where there are none. */
  readonly dataFor: (sha256: string) => Promise<ChosenData | undefined>;
  /** Whether the user trusts the workspace: where not, nothing but the code is looked at, whoever asks. */
  readonly trusted: boolean;
  readonly settings: Settings;
  /** What the manifest says of the model, where nobody has said otherwise. */
  readonly manifest: ManifestForScan;
  /** Somebody asked for it and waits: it is computed now, with no result of an earlier scan. */
  readonly urgent: boolean;
  readonly signal: AbortSignal;
  readonly progress?: (progress: JobProgress) => void;
  /** Hears of the code's findings before the behaviour is looked at. */
  readonly onCode?: (report: ScanReport) => void;
  /** Hears which folder of clean data the rest of the scan depends on, or null where there is none. */
  readonly onData?: (folder: string | null) => void;
}

export interface AssessmentTools extends JobTools {
  readonly discovery: DataDiscovery;
}

/** Stands in a report whose model is still being looked at. */
const stillRunning = 'the scan is still running';
/** Stands in a report of Restricted Mode. */
const notTrusted = 'only its code was looked at, because this workspace is not trusted';

/**
 * Scans a model file in two steps: its code at once, its behaviour when its turn comes and there are clean data.
 * A worker that dies during the second step is a finding.
 *
 * @throws what the first step throws: JobError, WorkerCrashedError; JobCancelledError
 */
export async function assessModel(request: AssessmentRequest, tools: AssessmentTools): Promise<ScanReport> {
  const { model, settings, signal, urgent, trusted, manifest } = request;
  const { architecture, classNames, data: named, seed = settings.seed } = manifest.settings ?? {};
  const { backend } = settings;
  const codeOnly = !trusted || (!settings.scan.backdoors && !urgent);
  const code = await repeatJob(
    tools,
    { kind: 'scan', model, architecture, seed, backend, codeOnly },
    { priority: 'code-safety', signal, fresh: urgent },
  );
  const chosen = chosenData(await request.dataFor(code.sha256), named);
  if (signal.aborted) throw new JobCancelledError();
  if (!trusted) return restricted(code);
  if (!codeOnly && manifest.failure !== undefined) return notAssessed(code, 'GN906', manifest.failure);
  // Without data a readable model of a known architecture is told apart by GN904.
  if (codeOnly || code.backdoor.kind !== 'not-assessed' || code.backdoor.code !== 'GN904') return code;

  request.onCode?.(withVerdict(code, { kind: 'not-assessed', reason: stillRunning }, []));
  const ranked = chosen ? [] : await tools.discovery.rank(model, code.architecture);
  const fitting = ranked.filter((data) => data.fitting.length > 0);
  if (signal.aborted) throw new JobCancelledError();
  const data = chosen?.data ?? fitting.at(0)?.folder;
  const unread = ranked.find(({ failure }) => failure !== undefined);
  if (data === undefined && unread)
    return notAssessed(code, 'GN906', `the data set ${unread.name} was not read: ${unread.failure}`);
  const scan = (folder: string | undefined): Promise<ScanReport> => {
    request.onData?.(folder ?? null);
    return repeatJob(
      tools,
      {
        ...{ kind: 'scan', model, data: folder, features: chosen?.features, cleanIds: chosen?.cleanIds },
        ...{ architecture, classNames, madeUpGraphs: true, seed, backend, purifiedWith: chosen?.purifiedWith },
      },
      { priority: urgent ? 'user' : 'background', signal, progress: request.progress, fresh: urgent },
    );
  };
  try {
    const report = await scanWithFitting(chosen ? [chosen.data] : fitting.map(({ folder }) => folder), scan);
    if (signal.aborted) throw new JobCancelledError();
    request.onData?.(report.settings.data ?? null);
    if (data === undefined) return withoutData(report);
    const from = data === named?.folder ? manifest.settings?.manifest : undefined;
    return { ...report, findings: report.findings.map((finding) => withData(finding, report, fitting, from)) };
  } catch (error) {
    if (error instanceof JobCancelledError) throw error;
    return notAssessed(code, 'GN906', failureReason(error), failureLog(error));
  }
}

/** The data that somebody chose, else those of the manifest. What the manifest says of its data holds for no others. */
export function chosenData(given: ChosenData | undefined, named: SettledData | undefined): ChosenData | undefined {
  if (named === undefined) return given;
  const { folder, features, cleanIds } = named;
  if (given === undefined) return { data: folder, features, cleanIds };
  if (given.data !== folder || (given.features ?? features) !== features) return given;
  return { ...given, features, cleanIds: given.cleanIds ?? cleanIds };
}

/**
 * What is known of a file whose content was scanned before and that is scanned again, with other data or settings. What
 * was found then stays in sight, but no verdict.
 *
 * @param code its code's findings
 * @param before the report of the earlier scan
 */
export function whileScannedAgain(code: ScanReport, before: ScanReport): ScanReport {
  const findings = before.findings.filter((finding) => !isAboutCode(finding));
  const reason =
    findings.length > 0 ? `${stillRunning}; the findings about its behaviour are those of the last one` : stillRunning;
  return withVerdict(code, { kind: 'not-assessed', reason }, findings);
}

/**
 * What a purification found out about its output, to be told beside what a scan of that file finds: what a scan cannot
 * know, and where that scan has come to no verdict, what the purification's own had to say.
 */
export function findingsBeside({ backdoor, findings }: ScanReport, found: readonly Finding[]): readonly Finding[] {
  const isNews = ({ code }: Finding): boolean => !findings.some((finding) => finding.code === code);
  return found.filter(
    (finding) => finding.code.startsWith('GN3') || (backdoor.kind === 'not-assessed' && isNews(finding)),
  );
}

/** That nothing is known of its behaviour has its reason in the trust, unless even its code could not be looked at. */
function restricted(code: ScanReport): ScanReport {
  if (code.findings.some((finding) => finding.code.startsWith('GN9'))) return code;
  return { ...code, backdoor: { kind: 'not-assessed', reason: notTrusted } };
}

/** Why a job failed, as a clause. */
function failureReason(error: unknown): string {
  if (error instanceof WorkerCrashedError) return error.message;
  if (error instanceof JobError && typeof error.fields.reason === 'string') return error.fields.reason;
  return `the analysis failed: ${error instanceof Error ? error.message : String(error)}`;
}

/** What was said of each try, where there were several. */
function failureLog(error: unknown): readonly string[] {
  const log = error instanceof JobError ? error.fields.log : undefined;
  return Array.isArray(log) ? log.filter((line) => typeof line === 'string') : [];
}

/** Says which clean data would have fitted, where a scan on made-up graphs came to no verdict. */
function withoutData(report: ScanReport): ScanReport {
  const { backdoor } = report;
  if (backdoor.kind !== 'not-assessed' || backdoor.code !== 'GN904') return report;
  const verdict: BackdoorVerdict = { ...backdoor, reason: `${neededData(report)} found in the workspace` };
  const tried = `Without data: ${backdoor.reason}.`;
  const findings = backdoorFindings(verdict).map((finding) => ({ ...finding, details: [...finding.details, tried] }));
  return withVerdict(report, verdict, findings);
}

function neededData({ architecture }: ScanReport): string {
  if (!architecture) return 'no fitting data set';
  const { inputs, classes } = architecture;
  return `no data set with ${inputs} node ${inputs === 1 ? 'feature' : 'features'} and ${classes} classes`;
}

function notAssessed(
  code: ScanReport,
  finding: 'GN904' | 'GN906',
  reason: string,
  log: readonly string[] = [],
): ScanReport {
  const verdict: BackdoorVerdict = { kind: 'not-assessed', code: finding, reason };
  const findings = backdoorFindings(verdict).map((one) => ({ ...one, details: [...one.details, ...log] }));
  return withVerdict(code, verdict, findings);
}

/** Keeps what was found in the code and replaces the rest. */
function withVerdict(code: ScanReport, backdoor: BackdoorVerdict, findings: readonly Finding[]): ScanReport {
  return { ...code, backdoor, findings: [...code.findings.filter(isAboutCode), ...findings] };
}

/** Says which clean data a finding about behaviour rests on, and that there was a choice. */
function withData(
  finding: Finding,
  { file, settings }: ScanReport,
  fitting: readonly RankedData[],
  manifest: string | undefined,
): Finding {
  if (isAboutCode(finding) || settings.data === undefined) return finding;
  const others = fitting.filter(({ folder }) => folder !== settings.data).map(({ name }) => name);
  const choice = others.length > 0 ? ` The model also fits: ${others.join(', ')}.` : '';
  const features = settings.features === undefined ? '' : `, node features: ${settings.features}`;
  const where = path.relative(path.dirname(file), settings.data);
  const source = manifest === undefined ? '' : `, named by ${path.relative(path.dirname(file), manifest)}`;
  const detail = `Clean data: ${path.basename(settings.data)} (${where}${features}${source}).${choice}`;
  return { ...finding, details: [...finding.details, detail] };
}

/** A model file of which nothing but the code was looked at. */
export function tooLargeFinding(bytes: number, limit: number): Finding {
  const megabytes = Math.ceil(bytes / 1e6).toLocaleString('en-US');
  return {
    code: 'GN901',
    severity: 'information',
    message: `Not assessed for backdoors: the file has ${megabytes} MB, more than graphnad.scan.maxFileSize (${limit} MB)`,
    details: ['Its code was looked at. It is scanned for backdoors all the same when you ask for it.'],
  };
}

/** A model file whose scan failed before anything was found. */
export function failedFinding(error: unknown): Finding {
  const code = error instanceof JobError && error.name === 'CheckpointError' ? 'GN901' : 'GN906';
  return unreadFinding(code, failureReason(error), error instanceof WorkerCrashedError ? error.output.slice(-5) : []);
}

function unreadFinding(code: 'GN901' | 'GN906', reason: string, details: readonly string[]): Finding {
  const message = `Not assessed for code or backdoors: ${reason}`;
  return { code, severity: 'information', message, details: ['This says nothing about the file.', ...details] };
}
