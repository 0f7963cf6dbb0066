import type { ModelKind } from '../../../protocol/model';
import type { MeasuredRates } from '../../../protocol/reports';

/** How scans of a kind of model that no threshold was set on turned out (docs/detection.md). */
export interface KindRates {
  readonly rates: MeasuredRates;
  readonly auroc: number;
  /** 95% interval. */
  readonly interval: readonly [low: number, high: number];
  /** Whether backdoored models of the kind could not be told from clean ones: no verdict rests on such a scan then. */
  readonly isWorthless: boolean;
}

/** By kind and by the number of clean graphs; written by `bench/scanHoldout.ts`, as all of this file. */
export const kindRates: Readonly<Partial<Record<ModelKind, Partial<Record<'few' | 'many', KindRates>>>>> = {};
