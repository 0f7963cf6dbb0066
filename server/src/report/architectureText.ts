import type { ArchitectureSummary } from '../../../protocol/model';

/** One line for people: `GIN, 3 layers, 38 -> 64 -> 2, BatchNorm, sum readout`. */
export function architectureText(architecture: ArchitectureSummary): string {
  const { kind, layers, inputs, hidden, classes, batchNorm, readout } = architecture;
  return [
    kind.toUpperCase(),
    `${layers} layer${layers === 1 ? '' : 's'}`,
    `${inputs} -> ${hidden} -> ${classes}`,
    ...(batchNorm ? ['BatchNorm'] : []),
    `${readout} readout`,
  ].join(', ');
}
