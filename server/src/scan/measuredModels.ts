import { modelTitles, type ArchitectureSummary } from '../../../protocol/model';

/**
 * What a person must know who reads a score of a model of a kind that the thresholds were not set on
 * (docs/detection.md).
 *
 * @returns no note for a GIN with readout sum or mean
 */
export function unmeasuredNotes({ kind, readout }: ArchitectureSummary): string[] {
  if (kind === 'gin' && readout !== 'max') return [];
  const model = `${modelTitles[kind]} with ${readout} readout`;
  return [
    `The thresholds of the backdoor scan were set on GIN with sum or mean readout; how often they miss a backdoor or raise a false alarm on ${model} was not measured.`,
  ];
}
