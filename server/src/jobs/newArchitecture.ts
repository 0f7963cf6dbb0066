import type { ArchitectureSummary } from '../../../protocol/model';
import type { TrainingData } from './trainingData';

/** What can be chosen of a new model; the rest follows from the data. */
export type ArchitectureChoice = Partial<
  Pick<ArchitectureSummary, 'kind' | 'layers' | 'hidden' | 'readout' | 'batchNorm' | 'heads'>
>;

/** The architecture of a new model: GIN, 3 layers of 64, sum readout, BatchNorm, unless something else is chosen. */
export function newArchitecture(
  { kind = 'gin', layers = 3, hidden = 64, readout = 'sum', batchNorm = true, heads }: ArchitectureChoice,
  { dataset, layout }: Pick<TrainingData, 'dataset' | 'layout'>,
): ArchitectureSummary {
  return {
    ...{ kind, layers, hidden, inputs: layout.width, classes: dataset.classNames.length, readout, batchNorm },
    ...(kind === 'gin' ? { eps: new Array<number>(layers).fill(0) } : {}),
    ...(kind === 'gat' || kind === 'gatv2' ? { heads: heads ?? 4 } : {}),
  };
}
