import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Readout } from '../../protocol/model';
import type { BackdoorEvidence, BackdoorVerdict } from '../../protocol/reports';
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

/** What is known of a reference model, in NAME.json beside NAME.pt. */
export interface ReferenceModel {
  readonly name: string;
  readonly dataSet: string;
  readonly recipe: { readonly name: string; readonly readout: Readout };
  /** Absent for a clean model. */
  readonly attack?: { readonly kind: string; readonly target: number };
  /** Of the true trigger, on the test split. */
  readonly asr?: number;
  readonly seed: number;
  /** Ids of a clean subset of the training graphs. */
  readonly clean: readonly number[];
}

/** All models of a folder, in the order of their training, so that any beginning has all data sets and attacks. */
export function referenceModels(folder: string): ReferenceModel[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .map((file) => JSON.parse(readFileSync(path.join(folder, file), 'utf8')) as ReferenceModel)
    .sort((a, b) => a.seed - b.seed);
}

export function readRecords(file: string): WithoutDataRecord[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as WithoutDataRecord);
}

/** Backdoored models whose attack failed count neither as backdoored nor as clean. */
const workingAttack = 0.8;

export function countingRecords(records: readonly WithoutDataRecord[]): WithoutDataRecord[] {
  return records.filter(({ attack, asr = 0 }) => attack === undefined || asr >= workingAttack);
}

export function evidenceOf(record: WithoutDataRecord, kind: ScanKind): BackdoorEvidence | undefined {
  return record.scans[kind]?.evidence;
}
