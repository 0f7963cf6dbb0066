import path from 'node:path';
import type { Connection } from 'vscode-languageserver';
import { findingCodes, severities, type FindingCode } from '../../../protocol/findings';
import { backendChoices, type BackendChoice } from '../jobs/tasks';
import { mostThreads } from '../tensor/threads';
import type { SeverityRules } from './problems';
import type { QueueSettings } from './queue/executors';

/** The settings `graphnad.*` as the server uses them; the manifest says what they mean. */
export interface Settings {
  readonly scan: {
    readonly enabled: boolean;
    readonly backdoors: boolean;
    /** Globs relative to the workspace folder. */
    readonly exclude: readonly string[];
    /** In megabytes. */
    readonly maxFileSize: number;
    /** Whether results of scans are kept for later sessions. */
    readonly keepResults: boolean;
  };
  /** How findings are listed in the Problems pane, by code; others as the scan judges them. */
  readonly severity: SeverityRules;
  readonly problems: {
    /** Lines at most; 0: no limit. */
    readonly limit: number;
  };
  readonly purify: {
    readonly holdingRate: number;
  };
  readonly seed: number;
  readonly backend: BackendChoice;
  /** 0 leaves the number to the pool. */
  readonly workers: number;
  readonly queue: QueueSettings;
  readonly performance: {
    /** Threads of each job; 0 divides the cores among the jobs that run. */
    readonly threads: number;
  };
}

export const defaultSettings: Settings = {
  scan: {
    enabled: true,
    backdoors: true,
    exclude: ['**/node_modules/**', '**/.git/**', '**/.venv/**'],
    maxFileSize: 512,
    keepResults: true,
  },
  severity: {},
  problems: { limit: 500 },
  purify: { holdingRate: 0.03 },
  seed: 0,
  backend: 'auto',
  workers: 0,
  queue: { url: '', sharedFolders: [] },
  performance: { threads: 0 },
};

/**
 * Reads settings as a client sends them. What is missing has its default; what is wrong has it as well, and is named.
 *
 * @param section content of the section `graphnad`, of any shape
 */
export function readSettings(section: unknown): { settings: Settings; problems: string[] } {
  const problems: string[] = [];
  const read = <T>(
    name: string,
    fallback: T,
    isValid: (value: unknown) => boolean,
    expected: string,
    shown: (value: unknown) => string = JSON.stringify,
  ): T => {
    const value = valueAt(section, name);
    if (value === undefined || value === null) return fallback;
    if (isValid(value)) return value as T;
    problems.push(`graphnad.${name} is ${shown(value)}, expected ${expected}; using ${JSON.stringify(fallback)}`);
    return fallback;
  };
  const flag = (name: string, fallback: boolean): boolean =>
    read(name, fallback, (value) => typeof value === 'boolean', 'true or false');
  const { scan, severity, problems: listed, purify, seed, backend, workers, queue, performance } = defaultSettings;
  const settings: Settings = {
    scan: {
      enabled: flag('scan.enabled', scan.enabled),
      backdoors: flag('scan.backdoors', scan.backdoors),
      exclude: read('scan.exclude', scan.exclude, isTextList, 'a list of glob patterns'),
      maxFileSize: read('scan.maxFileSize', scan.maxFileSize, (value) => isNumber(value) && value > 0, 'megabytes'),
      keepResults: flag('scan.keepResults', scan.keepResults),
    },
    severity: read('severity', severity, areSeverityRules, `finding codes with ${listedSeverities.join(', ')}`),
    problems: {
      limit: read('problems.limit', listed.limit, (value) => isWhole(value, Infinity), 'a whole number from 0 on'),
    },
    purify: {
      holdingRate: read('purify.holdingRate', purify.holdingRate, isShare, 'a share above 0 and up to 1'),
    },
    seed: read('seed', seed, (value) => isWhole(value, 2 ** 32 - 1), 'a whole number from 0 to 4294967295'),
    backend: read(
      'backend',
      backend,
      (value) => backendChoices.some((choice) => choice === value),
      backendChoices.join(', '),
    ),
    queue: {
      // There may be a password in it.
      url: read('queue.url', queue.url, isText, 'the address of a queue', () => 'no text').trim(),
      sharedFolders: read(
        'queue.sharedFolders',
        queue.sharedFolders,
        (value) => isTextList(value) && value.every((folder) => path.isAbsolute(folder)),
        'a list of absolute paths',
      ),
    },
    workers: read('workers', workers, (value) => isWhole(value, 64), 'a whole number from 0 to 64'),
    performance: {
      threads: read(
        'performance.threads',
        performance.threads,
        (value) => isWhole(value, mostThreads),
        `a whole number from 0 to ${mostThreads}`,
      ),
    },
  };
  return { settings, problems };
}

/** The settings of the client: fetched when first needed, and again after they changed. */
export class SettingsStore {
  private readonly cache = new Map<string, Promise<Settings>>();
  /** For clients that send settings without being asked. */
  private pushed: unknown;
  private canAsk = false;

  constructor(private readonly connection: Connection) {}

  initialize(canAsk: boolean, initializationOptions: unknown): void {
    this.canAsk = canAsk;
    this.pushed = initializationOptions;
  }

  /** Forgets what was fetched. @param pushed settings as the notification brought them */
  changed(pushed: unknown): void {
    this.cache.clear();
    const section = valueAt(pushed, 'graphnad');
    if (section !== undefined) this.pushed = section;
  }

  /** @param folderUri workspace folder the settings are for; those of the whole window where absent */
  get(folderUri?: string): Promise<Settings> {
    const key = folderUri ?? '';
    const known = this.cache.get(key) ?? this.fetch(folderUri);
    this.cache.set(key, known);
    return known;
  }

  private async fetch(scopeUri: string | undefined): Promise<Settings> {
    const { workspace, console } = this.connection;
    const section: unknown = this.canAsk
      ? await workspace.getConfiguration({ section: 'graphnad', scopeUri }).catch((error: unknown) => {
          console.error(`The settings could not be read; using their defaults: ${String(error)}`);
        })
      : this.pushed;
    const { settings, problems } = readSettings(section);
    problems.forEach((problem) => console.warn(`Setting ${problem}`));
    return settings;
  }
}

/** Follows a dotted name through nested objects. */
function valueAt(section: unknown, name: string): unknown {
  return name
    .split('.')
    .reduce<unknown>(
      (value, key) =>
        typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined,
      section,
    );
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

function isWhole(value: unknown, largest: number): boolean {
  return isNumber(value) && Number.isInteger(value) && value >= 0 && value <= largest;
}

function isShare(value: unknown): boolean {
  return isNumber(value) && value > 0 && value <= 1;
}

const listedSeverities: readonly unknown[] = [...severities, 'off'];

function areSeverityRules(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return Object.entries(value).every(
    ([code, severity]) => findingCodes.includes(code as FindingCode) && listedSeverities.includes(severity),
  );
}

function isTextList(value: unknown): value is string[] {
  return Array.isArray(value) && value.every(isText);
}
