/** `graphnad.json`, which says what belongs to which model, and the messages about it. */

import type { FindingCode, Severity } from './findings';
import type { ArchitectureSummary, FeatureChoice } from './model';

/** Name of the file; the nearest one above a model counts. */
export const manifestName = 'graphnad.json';

/** Severities that `graphnad scan` can be told to fail on; `never` fails on none. */
export const failLevels = ['error', 'warning', 'never'] as const;
export type FailLevel = (typeof failLevels)[number];

/** Severities by finding code. */
export type ManifestSeverities = Partial<Record<FindingCode, Severity>>;

/** Clean data of a model. Paths here and below are relative to the manifest, with forward slashes. */
export interface ManifestData {
  /** TU folder. */
  readonly folder: string;
  readonly features?: FeatureChoice;
  /** JSON file with the ids of the graphs that are known to be clean. */
  readonly cleanIds?: string;
  /** JSON file with the ids of the graphs that are held back for reports. */
  readonly testIds?: string;
}

export interface ManifestPurify {
  /** Name of a method of `graphnad purify`. */
  readonly method?: string;
  /** Share of the training split that serves as the clean set, in (0, 1]. */
  readonly holdingRate?: number;
  /** Settings of the method that differ from its defaults; see `docs/settings.md`. */
  readonly options?: Readonly<Record<string, unknown>>;
  /** Where the purified model goes; `{name}` stands for the model's file name without its extension. */
  readonly output?: string;
}

/** What the user vouches for: parts of the architecture, and how the file's tensors are to be read. */
export interface ArchitectureOverride extends Partial<ArchitectureSummary> {
  /**
   * Names of modules or tensors of the file, and what they are called in the usual hand-written module:
   * `{"encoder.a.fc": "convs.0.nn.0"}`. Purified weights go back under the names in the file.
   */
  readonly tensors?: Readonly<Record<string, string>>;
}

/** Parts of an architecture that leave no tensors and that nobody vouches for, with what is assumed of them. */
export type AssumedParts = Readonly<Record<string, string | boolean>>;

/** What can be said of all models, and of one. */
export interface ManifestSettings {
  readonly data?: ManifestData;
  readonly severities?: ManifestSeverities;
  readonly failOn?: FailLevel;
  readonly seed?: number;
  readonly purify?: ManifestPurify;
}

/** What belongs to one model, or to those that a glob pattern matches. What is left out is as for all models. */
export interface ManifestModel extends ManifestSettings {
  /** Path of a model file, or a glob pattern. */
  readonly model: string;
  readonly architecture?: ArchitectureOverride;
  /** Names of the classes, in the order of the class numbers. */
  readonly classNames?: readonly string[];
  /** Trigger file; it serves reports alone. */
  readonly trigger?: string;
  /** Model of the same data that was never poisoned; it serves reports alone. */
  readonly benign?: string;
}

/** Content of `graphnad.json`. */
export interface Manifest extends ManifestSettings {
  readonly $schema?: string;
  readonly models?: readonly ManifestModel[];
}

/**
 * `graphnad/manifest/settings`: what a manifest says of a model, as far as a purification is set up with it; null where
 * there is no manifest above it. Cancellable.
 */
export namespace ManifestSettingsRequest {
  export const method = 'graphnad/manifest/settings';
  export interface Params {
    /** URI of the model file. */
    readonly uri: string;
  }
  export interface Settings {
    /** URI of the manifest. */
    readonly manifest: string;
    /** URI of the clean data. */
    readonly data?: string;
    /** Whether it names the clean graphs, so that no share of them is wanted. */
    readonly namesCleanGraphs: boolean;
    readonly holdingRate?: number;
    readonly seed?: number;
    /** URI of the purified model. */
    readonly output?: string;
  }
  export type Result = Settings | null;
}

/**
 * Command that the server executes: writes what it assumes of a model into the manifest, to be corrected by whoever knows
 * the model, and shows the place. Takes the URI of the model file.
 */
export const stateArchitectureCommand = 'graphnad.stateArchitecture';

/** `graphnad/manifest/create`: writes a first manifest of what a workspace folder holds; never over an existing one. */
export namespace CreateManifestRequest {
  export const method = 'graphnad/manifest/create';
  export interface Params {
    /** URI of the workspace folder. */
    readonly folder: string;
  }
  export interface Result {
    /** URI of the manifest. */
    readonly uri: string;
    /** Number of models in it. */
    readonly models: number;
  }
}
