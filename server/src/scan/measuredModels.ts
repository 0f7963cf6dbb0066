import { modelTitles } from '../../../protocol/model';
import type { GraphModel } from '../gnn/graphModel';
import { kindRates } from './kindRates';

/** What is not known of models of another shape than the usual one (see `ArchitectureSummary`). */
export const unmeasuredShapeNote =
  'The thresholds of the backdoor scan were set on models of the usual shape (equally wide layers with a ReLU behind each, ' +
  'one linear layer behind the readout); how often they miss a backdoor or raise a false alarm on a model of another ' +
  'shape, like this one, was not measured.';

/**
 * What a person must know who reads a score of a model of a kind or a shape that scans were not measured on
 * (docs/detection.md).
 *
 * @returns no note for a GIN, nor for other kinds that were measured: evidence says how that came out
 */
export function unmeasuredNotes({
  isUsual,
  architecture: { kind },
}: Pick<GraphModel, 'isUsual' | 'architecture'>): string[] {
  if (!isUsual) return [unmeasuredShapeNote];
  if (kind === 'gin' || kindRates[kind] !== undefined) return [];
  return [
    `The thresholds of the backdoor scan were set on GIN; how often they miss a backdoor or raise a false alarm on ${modelTitles[kind]} was not measured.`,
  ];
}
