/** What is wrong with a model file, in the words and codes every surface (Problems pane, panel, CLI, SARIF) shares. */

/** Stable finding codes; each has a page under `docs/findings/`. */
export const findingCodes = [
  'GN101',
  'GN102',
  'GN103',
  'GN201',
  'GN202',
  'GN203',
  'GN301',
  'GN302',
  'GN303',
  'GN901',
  'GN902',
  'GN903',
  'GN904',
  'GN905',
  'GN906',
] as const;
export type FindingCode = (typeof findingCodes)[number];

/** Codes that say why a model was not assessed for backdoors. */
export type NotAssessedCode = Extract<FindingCode, `GN9${string}`>;

/** Ordered from worst to mildest. */
export const severities = ['error', 'warning', 'information'] as const;
export type Severity = (typeof severities)[number];

/** Where in a model file a finding points: the most specific parts that are known. */
export interface FindingPlace {
  /** Name of the container entry, such as `archive/data.pkl`. */
  readonly entry?: string;
  /** Byte offset inside the entry (inside the file where there is no entry). */
  readonly offset?: number;
  readonly tensor?: string;
  /** Layer, counted from 1. */
  readonly layer?: number;
}

export interface Finding {
  readonly code: FindingCode;
  readonly severity: Severity;
  /** As the scan judged it, where `graphnad.json` gives it another severity. Verdicts go by this one. */
  readonly judged?: Severity;
  /** One line, complete by itself. */
  readonly message: string;
  /** Further evidence, a sentence each. */
  readonly details: readonly string[];
  readonly place?: FindingPlace;
  /**
   * What exactly the finding is about, in words that stay the same from scan to scan: the callable, the defect. Absent
   * for a code of which a file has one finding at most.
   */
  readonly subject?: string;
}

/** How grave a finding is as the scan judged it, whatever it is listed as. */
export function judgedSeverity({ severity, judged }: Pick<Finding, 'severity' | 'judged'>): Severity {
  return judged ?? severity;
}
