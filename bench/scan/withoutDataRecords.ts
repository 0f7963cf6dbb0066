import type { BackdoorEvidence, BackdoorVerdict } from '../../protocol/reports';
import { counts } from './referenceRecords';
import type { StandIn } from './standInGraphs';

/**
 * What a model was scanned with: its clean subset, ten graphs of it, graphs rewired from five of these, or nothing, so
 * that graphs were made up.
 */
export const scanKinds = ['data', 'ten', 'rewired', 'nothing'] as const;
export type ScanKind = (typeof scanKinds)[number];

/** One reference model with all that was tried on it. */
export interface WithoutDataRecord {
  readonly name: string;
  readonly dataSet: string;
  readonly recipe: string;
  readonly readout: string;
  /** Absent for a clean model. */
  readonly attack?: string;
  readonly target?: number;
  readonly asr?: number;
  readonly scans: Readonly<Record<'data' | 'nothing', BackdoorVerdict> & Partial<Record<ScanKind, BackdoorVerdict>>>;
  /** The readout that was guessed where there was nothing; absent where no graphs could be made up. */
  readonly guessedReadout?: string;
  /** Distance from the training graphs, of clean graphs and of such as stand in for them. */
  readonly distances: Readonly<Partial<Record<'clean' | 'ten' | 'foreign' | StandIn, number>>>;
  /** Why each of those is no clean set to scan with; absent where it is. */
  readonly refused: Readonly<Partial<Record<'clean' | 'ten' | 'foreign' | StandIn, string>>>;
  readonly seconds: number;
}

export function countingRecords(records: readonly WithoutDataRecord[]): WithoutDataRecord[] {
  return records.filter(counts);
}

export function evidenceOf(record: WithoutDataRecord, kind: ScanKind): BackdoorEvidence | undefined {
  return record.scans[kind]?.evidence;
}
