import type { ModelKind } from '../../../protocol/model';
import type { MeasuredRates } from '../../../protocol/reports';
import { manyCleanGraphs } from './calibrationFor';
import { kindRates, type KindRates } from './kindRates';
import { behaviourRates, traceRates } from './referenceRates';

/**
 * How scans of models of another kind than GIN turned out.
 *
 * @param signals by name, as evidence holds them
 * @param cleanGraphs how many there were
 * @returns undefined for GIN, for a kind that was not measured, and for scans without traces of training
 */
export function kindRatesFor(
  kind: ModelKind,
  signals: { readonly trace?: number },
  cleanGraphs: number,
): KindRates | undefined {
  return signals.trace === undefined ? undefined : kindRates[kind]?.[sizeOf(cleanGraphs)];
}

/**
 * How often scans like one are right.
 *
 * @returns undefined where that was not measured
 */
export function ratesFor(
  kind: ModelKind,
  signals: { readonly trace?: number },
  cleanGraphs: number,
): MeasuredRates | undefined {
  if (kind !== 'gin') return kindRatesFor(kind, signals, cleanGraphs)?.rates;
  return signals.trace === undefined ? behaviourRates : traceRates[sizeOf(cleanGraphs)];
}

function sizeOf(cleanGraphs: number): 'few' | 'many' {
  return cleanGraphs >= manyCleanGraphs ? 'many' : 'few';
}
