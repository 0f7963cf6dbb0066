import { modelTitles, type ArchitectureSummary } from '../../../protocol/model';
import { plural } from './numbers';

/** One line for people: `GIN, 3 layers, 38 -> 64 -> 2, BatchNorm, sum readout`. */
export function architectureText(architecture: ArchitectureSummary): string {
  const { kind, layers, inputs, hidden, classes, batchNorm, readout, heads } = architecture;
  return [
    modelTitles[kind],
    plural(layers, 'layer'),
    `${inputs} -> ${hidden} -> ${classes}`,
    ...(heads === undefined ? [] : [plural(heads, 'head')]),
    ...(batchNorm ? ['BatchNorm'] : []),
    `${readout} readout`,
  ].join(', ');
}
