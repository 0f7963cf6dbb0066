import type { ArchitectureSummary } from '../../../../protocol/model';
import { makeSplits, type Splits } from '../../graph/splits';
import { hasHeads, newArchitecture } from '../newArchitecture';
import type { EncodedData } from './gridData';
import type { GridArchitecture, GridAttack, GridData, GridTraining } from './grid';

/** Everything a trained model follows from. */
export interface SuspectSpec {
  readonly data: GridData;
  readonly attack: GridAttack;
  readonly architecture: GridArchitecture;
  readonly training: GridTraining;
  /** Decides the split, the attack and the initial weights. */
  readonly seed: number;
}

export function isAttacked({ attack }: SuspectSpec): boolean {
  return attack.kind !== 'none';
}

/** Class that the attack aims at: its own setting, or that of the data set. */
export function targetOf({ attack, data }: SuspectSpec): number {
  return attack.options.target ?? data.target;
}

/** @throws ArchitectureChoiceError */
export function architectureOf({ architecture }: SuspectSpec, { layout, classes }: EncodedData): ArchitectureSummary {
  const { kind, layers, hidden, readout, batchNorm, heads = hasHeads(kind) ? 1 : undefined } = architecture;
  return newArchitecture({ kind, layers, hidden, readout, batchNorm, heads }, { inputs: layout.width, classes });
}

/** The split of the attack's seed; its clean subset takes no account of poison. */
export function splitsOf({ seed }: SuspectSpec, { graphs }: EncodedData): Splits {
  return makeSplits(
    graphs.map((graph) => graph.classLabel),
    { seed },
  );
}

/**
 * Clean graphs by the honest protocol: none of them poisoned, none of them a test graph, stratified by class.
 *
 * @param poisoned data set ids
 * @param holdingRate number of clean graphs as a share of all training graphs, the poisoned ones included
 * @throws SplitError
 */
export function cleanIdsOf(
  spec: SuspectSpec,
  data: EncodedData,
  poisoned: readonly number[],
  holdingRate: number,
): number[] {
  const { train, test } = splitsOf(spec, data);
  const left = train.length - poisoned.length;
  return makeSplits(
    data.graphs.map((graph) => graph.classLabel),
    {
      seed: spec.seed,
      testIds: [...test, ...poisoned],
      holdingRate: Math.min(1, (holdingRate * train.length) / left),
    },
  ).clean;
}
