/** The same purification with several seeds: how much of a result is chance. */

import type { Finding } from './findings';
import type { PurifyReport, StageResult } from './reports';
import type { PurifyParams } from './requests';

/** What one seed came to. */
export interface SeedRun {
  readonly seed: number;
  readonly stages: readonly StageResult[];
  readonly verdict: PurifyReport['verdict']['kind'];
}

/** A figure over seeds. */
export interface Spread {
  readonly mean: number;
  /** Sample standard deviation, with n - 1 in the denominator. */
  readonly deviation: number;
  readonly least: number;
  readonly most: number;
}

/** Figures that are compared over seeds; one that not all seeds have is absent. */
export const seedFigures = ['acc', 'asr', 'flipAsr', 'der'] as const;
export type SeedFigure = (typeof seedFigures)[number];

/** Estimated figures of one model of the comparison over seeds. */
export interface StageSpread {
  readonly name: StageResult['name'];
  readonly figures: Readonly<Partial<Record<SeedFigure, Spread>>>;
}

export interface SeedReport {
  /** Two at least; all with the same model, data, clean and held-back graphs and settings. */
  readonly runs: readonly SeedRun[];
  readonly spread: readonly StageSpread[];
  /** GN303 where results vary strongly. */
  readonly findings: readonly Finding[];
}

/**
 * `graphnad/purifySeeds`: purifies a model with further seeds, one after the other, and compares the results with what a
 * first run came to. The models made are measured and not kept. Cancellable; progress as of `graphnad/purify`.
 */
export namespace PurifySeedsRequest {
  export const method = 'graphnad/purifySeeds';
  export interface Params {
    /** What the first run was asked for; its files are not written again. */
    readonly run: Omit<PurifyParams, 'jobId' | 'workDoneToken' | 'overwrite'>;
    /** What it came to. */
    readonly first: Pick<PurifyReport, 'sha256' | 'stages' | 'verdict' | 'settings'>;
    /** Seeds besides the first run's. */
    readonly seeds: readonly number[];
    readonly jobId: string;
    readonly workDoneToken?: string;
  }
  export type Result = SeedReport;
}
