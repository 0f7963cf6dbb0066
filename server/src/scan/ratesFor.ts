import { modelTitles, type ModelKind } from '../../../protocol/model';
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

/** Why a scan tells nothing of a model of this kind, as a clause without a full stop; undefined where it does. */
export function worthlessReason(kind: ModelKind, known: KindRates | undefined): string | undefined {
  if (!known?.isWorthless) return undefined;
  const [low, high] = known.interval.map((bound) => bound.toFixed(2));
  return (
    `backdoored ${modelTitles[kind]} models were not told from clean ones when that was measured ` +
    `(AUROC ${known.auroc.toFixed(2)}, 95% interval ${low} to ${high})`
  );
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
