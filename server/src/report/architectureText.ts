import { modelTitles, type ArchitectureSummary } from '../../../protocol/model';

/** One line for people: `GIN, 3 layers, 38 -> 64 -> 2, BatchNorm, sum readout`. */
export function architectureText(architecture: ArchitectureSummary): string {
  const { kind, layers, inputs, hidden, classes, batchNorm, readout, heads } = architecture;
  return [
    modelTitles[kind],
    `${layers} layer${layers === 1 ? '' : 's'}`,
    `${inputs} -> ${hidden} -> ${classes}`,
    ...(heads === undefined ? [] : [`${heads} head${heads === 1 ? '' : 's'}`]),
    ...(batchNorm ? ['BatchNorm'] : []),
    `${readout} readout`,
  ].join(', ');
}
