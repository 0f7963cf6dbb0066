/** The model files of the workspace and what is known of each, as the server tells the client. */

import type { Severity } from './findings';
import type { QueueWait } from './queue';

/** What is known of a model file, the worst of it first. */
export const modelVerdicts = [
  /** Loading it runs code, or its container deceives loaders or scanners (an error of GN101 to GN103). */
  'dangerous',
  /** Likely backdoored (GN201 as an error). */
  'likely',
  /** Possibly backdoored (GN201 as a warning). */
  'possibly',
  /** Other warnings, such as an import outside the known-safe list or a purification that left something undone. */
  'suspicious',
  /** Nothing is known about backdoors, and why is said; also while that is being found out. */
  'not-assessed',
  'no-sign',
  /** Nobody looked at it yet, or it is not to be looked at. */
  'not-scanned',
] as const;
export type ModelVerdict = (typeof modelVerdicts)[number];

export interface ModelEntry {
  /** URI of the model file. */
  readonly uri: string;
  /** URI of the innermost workspace folder it lies in. */
  readonly folder: string;
  readonly verdict: ModelVerdict;
  /** The verdict in words, such as `likely backdoored toward class 1`. */
  readonly text: string;
  /** Of the worst finding, as the scan judged it; absent where there is none. */
  readonly severity?: Severity;
  /** When the verdict was reached, as `2025-01-31T12:00:00.000Z`. */
  readonly reached?: string;
  /** What goes on with it. */
  readonly activity?: 'queued' | 'scanning' | QueueWait;
}

/** `graphnad/models`: server to client, whenever something about model files of the workspace changed; all of them at first. */
export namespace ModelsNotification {
  export const method = 'graphnad/models';
  export interface Params {
    readonly changed: readonly ModelEntry[];
    /** URIs of files that are gone, or lie in the workspace no more. */
    readonly removed: readonly string[];
    /** Whether the workspace was searched to its end. */
    readonly searched: boolean;
  }
}

/** `graphnad/refreshModels`: looks at the whole workspace again, for changes that nobody reported. */
export namespace RefreshModelsRequest {
  export const method = 'graphnad/refreshModels';
  export type Params = Readonly<Record<string, never>>;
  export type Result = null;
}

/** `graphnad/trust`: client to server, when the user has come to trust the workspace. */
export namespace TrustNotification {
  export const method = 'graphnad/trust';
  export type Params = Readonly<Record<string, never>>;
}
