import { modelTitles, type ArchitectureSummary } from '../../../protocol/model';

/**
 * What a person must know who reads a score of a model of a kind that the thresholds were not set on
 * (docs/detection.md).
 *
 * @returns no note for a GIN
 */
export function unmeasuredNotes({ kind }: Pick<ArchitectureSummary, 'kind'>): string[] {
  if (kind === 'gin') return [];
  return [
    `The thresholds of the backdoor scan were set on GIN; how often they miss a backdoor or raise a false alarm on ${modelTitles[kind]} was not measured.`,
  ];
}
