import type { ModelKind } from '../../../protocol/model';
import type { KindRates } from './ratesFor';

/** Models of other kinds than the thresholds were set on; written by `bench/scanHoldout.ts`. */
export const kindRates: Readonly<Partial<Record<ModelKind, Partial<Record<'few' | 'many', KindRates>>>>> = {};
