/** Custom messages between the language client and the server. */

import type { FeatureChoice } from './model';
import type { QueueStanding } from './queue';
import type { JobProgress, PurifyReport, ScanReport } from './reports';

/** What the client says at the start. Clients that cannot be asked for settings put theirs here as well. */
export interface InitializationOptions {
  /**
   * Absolute path of a folder in which results of scans may be kept for later sessions, made when it is needed. It must
   * be out of reach of those who write the workspace: nothing is kept in or taken from a folder inside of it.
   */
  readonly cacheFolder?: string;
  /**
   * Whether the user trusts the workspace. Where false, files are looked at for code alone and nothing is run or
   * written, until `graphnad/trust` comes. Default true.
   */
  readonly trusted?: boolean;
  /**
   * Whether the client checks and completes `graphnad.json` by its JSON schema, so that the server leaves that part out.
   * Default false.
   */
  readonly manifestSchema?: boolean;
}

export interface ScanParams {
  /** URI of the model file. */
  readonly uri: string;
  /** URI of the clean data; found in the workspace where absent. */
  readonly dataUri?: string;
  readonly features?: FeatureChoice;
  /** Where the client wants work-done progress; without it the server creates its own. */
  readonly workDoneToken?: string;
}

export interface PurifyParams {
  readonly uri: string;
  readonly dataUri: string;
  readonly features?: FeatureChoice;
  /** Share of the training split used as the clean set, in (0, 1]. */
  readonly holdingRate?: number;
  /** Method, and settings that differ from its defaults; see `docs/settings.md`. */
  readonly options?: Readonly<Record<string, unknown>>;
  /** Target file; must not exist unless `overwrite`. */
  readonly outputUri: string;
  readonly overwrite?: boolean;
  readonly seed?: number;
  /** Chosen by the client, so that progress can be matched before the answer. */
  readonly jobId: string;
  /** Where the client wants work-done progress; without it the server creates its own. */
  readonly workDoneToken?: string;
}

/** A clean data set that could serve a model. */
export interface DataCandidate {
  readonly uri: string;
  readonly name: string;
  readonly graphs: number;
  /** Feature kinds whose width fits the model; empty where none does. */
  readonly fitting: readonly FeatureChoice[];
  readonly reason?: string;
  /** Name of the manifest that says that these are the data of the model; it is the first candidate then. */
  readonly namedBy?: string;
}

/** `graphnad/scan`: scan one model file now. Cancellable. */
export namespace ScanRequest {
  export const method = 'graphnad/scan';
  export type Params = ScanParams;
  export type Result = ScanReport;
}

/** `graphnad/purify`: purify one model file. Cancellable; progress by work-done progress and `graphnad/jobProgress`. */
export namespace PurifyRequest {
  export const method = 'graphnad/purify';
  export type Params = PurifyParams;
  export type Result = PurifyReport;
}

/** `graphnad/dataCandidates`: data sets of the workspace for a model, best first. */
export namespace DataCandidatesRequest {
  export const method = 'graphnad/dataCandidates';
  export interface Params {
    readonly uri: string;
  }
  export type Result = readonly DataCandidate[];
}

/** `graphnad/report`: the last scan report of a file, if there is one. */
export namespace ReportRequest {
  export const method = 'graphnad/report';
  export interface Params {
    readonly uri: string;
  }
  export type Result = ScanReport | null;
}

/**
 * Scheme of the read-only documents that show the last scan report of a model in words. The path is the model file's
 * with `.report.txt` behind it, the query is the URI of the model file.
 */
export const reportScheme = 'graphnad-report';

/** `graphnad/reportText`: the last scan report of a file in words, as `graphnad scan` prints it; null where there is none. */
export namespace ReportTextRequest {
  export const method = 'graphnad/reportText';
  export interface Params {
    readonly uri: string;
  }
  export type Result = string | null;
}

/**
 * `graphnad/checkBackend`: starts a backend in a worker, to tell whether it works there. The error of one that does not
 * says why and what to do.
 */
export namespace CheckBackendRequest {
  export const method = 'graphnad/checkBackend';
  export interface Params {
    /** As in the setting `graphnad.backend`. */
    readonly backend: string;
  }
  export interface Result {
    /** Name of the backend that runs. */
    readonly backend: string;
    /** What the user should know about it, such as that it found no GPU. */
    readonly notes: readonly string[];
  }
}

/** `graphnad/jobProgress`: server to client, while a purification runs. */
export namespace JobProgressNotification {
  export const method = 'graphnad/jobProgress';
  export interface Params {
    readonly jobId: string;
    readonly progress: JobProgress;
  }
}

/** `graphnad/status`: server to client, for the status item. */
export namespace StatusNotification {
  export const method = 'graphnad/status';
  export interface Params {
    readonly state: 'idle' | 'busy';
    readonly models: number;
    readonly errors: number;
    readonly warnings: number;
    readonly notAssessed: number;
    /** What runs, in words. */
    readonly activity?: string;
    /** Model files that were scanned, and those that are to be, since there was last nothing to do; absent when idle. */
    readonly scans?: { readonly done: number; readonly total: number };
    /** The workspace is not trusted: only code is looked at. */
    readonly restricted?: boolean;
    /** Findings that `graphnad.severity` or `graphnad.problems.limit` keep out of the Problems pane. */
    readonly unlisted?: number;
    readonly backend?: string;
    /** The queue whose workers scan and purify; absent where that is done on this machine. */
    readonly queue?: QueueStanding;
  }
}
