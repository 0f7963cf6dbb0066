import { modelTitles, type ArchitectureSummary } from '../../../protocol/model';
import { kindRates } from './kindRates';

/**
 * What a person must know who reads a score of a model of a kind that scans were not measured on (docs/detection.md).
 *
 * @returns no note for a GIN, nor for other kinds that were measured: evidence says how that came out
 */
export function unmeasuredNotes({ kind }: Pick<ArchitectureSummary, 'kind'>): string[] {
  if (kind === 'gin' || kindRates[kind] !== undefined) return [];
  return [
    `The thresholds of the backdoor scan were set on GIN; how often they miss a backdoor or raise a false alarm on ${modelTitles[kind]} was not measured.`,
  ];
}
