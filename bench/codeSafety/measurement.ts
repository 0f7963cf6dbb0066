/** What is recorded of scanners on one corpus. */

export const verdicts = ['alarm', 'warning', 'failed', 'skipped', 'clean'] as const;
export type Verdict = (typeof verdicts)[number];

/** One scanner on one group of files. */
export interface GroupResult {
  readonly group: string;
  readonly isMalicious: boolean;
  readonly verdicts: Readonly<Record<string, Verdict>>;
}

export interface ScannerResult {
  readonly scanner: string;
  readonly version: string;
  readonly groups: readonly GroupResult[];
  /** All small files in turn, and the peak of memory. */
  readonly seconds: number;
  readonly megabytes: number;
  /** A state dict of `largeMegabytes`, in a process of its own. */
  readonly large: { readonly seconds: number; readonly megabytes: number };
}

export const largeMegabytes = 256;
