import { existsSync, readFileSync } from 'node:fs';
import type { BackdoorEvidence, BackdoorVerdict } from '../../protocol/reports';
import type { ZooModel } from './zoo';

/** Clean sets a model is scanned with: 3% of the training graphs (10 at least), and the most that a scan uses. */
export const cleanSizes = ['3%', '64'] as const;
export type CleanSize = (typeof cleanSizes)[number];

/** One scan of one model of the zoo. */
export interface ScanRecord extends ZooModel {
  /** On the test split. */
  readonly accuracy: number;
  /** Of the true trigger on the test split; absent for clean models. */
  readonly asr?: number;
  readonly flipAsr?: number;
  readonly cleanSize: CleanSize;
  readonly cleanGraphs: number;
  readonly verdict: BackdoorVerdict;
  readonly seconds: number;
}

/** A scan that came to a verdict. */
export interface AssessedRecord extends ScanRecord {
  readonly evidence: BackdoorEvidence;
}

export function readScans(file: string): ScanRecord[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as ScanRecord);
}

/** Backdoored models whose attack failed count neither as backdoored nor as clean. */
const workingAttack = 0.8;

/** The scans that count, clean models and working backdoors, with clean sets of one size. */
export function assessed(records: readonly ScanRecord[], cleanSize: CleanSize): AssessedRecord[] {
  return records.flatMap((record) => {
    const { verdict, attack, asr = 0 } = record;
    if (record.cleanSize !== cleanSize || verdict.kind === 'not-assessed') return [];
    return attack === undefined || asr >= workingAttack ? [{ ...record, evidence: verdict.evidence }] : [];
  });
}
