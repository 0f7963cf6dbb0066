import { modelTitles } from '../../../protocol/model';
import type { GraphModel } from '../gnn/graphModel';
import { kindRates } from './kindRates';

/** What is not known of models of another shape than the usual one (see `ArchitectureSummary`). */
const unmeasuredShapeNote =
  'The thresholds of the backdoor scan were set on models of the usual shape (equally wide layers with a ReLU behind each, ' +
  'one linear layer behind the readout); how often they miss a backdoor or raise a false alarm on a model of another ' +
  'shape, like this one, was not measured.';

type MeasuredParts = Pick<GraphModel, 'isUsual' | 'architecture'>;

/** Whether it is known how often scans of models of a kind and a shape are right. */
export function isMeasured({ isUsual, architecture: { kind } }: MeasuredParts): boolean {
  return isUsual && (kind === 'gin' || kindRates[kind] !== undefined);
}

/**
 * What a person must know who reads a score of a model of a kind or a shape that scans were not measured on
 * (docs/detection.md).
 *
 * @returns no note for a GIN, nor for other kinds that were measured: evidence says how that came out
 */
export function unmeasuredNotes(model: MeasuredParts): string[] {
  if (isMeasured(model)) return [];
  const { isUsual, architecture } = model;
  if (!isUsual) return [unmeasuredShapeNote];
  return [
    `The thresholds of the backdoor scan were set on GIN; how often they miss a backdoor or raise a false alarm on ${modelTitles[architecture.kind]} was not measured.`,
  ];
}
