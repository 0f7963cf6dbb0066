import type { BackdoorEvidence, BackdoorVerdict } from '../../protocol/reports';
import type { ReferenceSpec } from './referencePlan';

/** How many clean graphs a model is scanned with: 3% of its training graphs, or 128. */
export const cleanSizes = ['few', 'many'] as const;
export type CleanSize = (typeof cleanSizes)[number];

/** One scan of one reference model. */
export interface ReferenceRecord extends ReferenceSpec {
  /** On the test split. */
  readonly accuracy: number;
  /** Of the true trigger on the test split; absent for clean models. */
  readonly asr?: number;
  readonly cleanSize: CleanSize;
  readonly cleanGraphs: number;
  readonly verdict: BackdoorVerdict;
  readonly seconds: number;
}

/** A scan that counts: it gathered evidence, and the model is clean or has a backdoor that works. */
export interface AssessedReference extends ReferenceRecord {
  readonly evidence: BackdoorEvidence;
}

/** Backdoored models whose attack failed count neither as backdoored nor as clean. */
const workingAttack = 0.8;

export function counts({ attack, asr = 0 }: { readonly attack?: unknown; readonly asr?: number }): boolean {
  return attack === undefined || asr >= workingAttack;
}

export function assessedReferences(records: readonly ReferenceRecord[]): AssessedReference[] {
  return records.flatMap((record) => {
    const { evidence } = record.verdict;
    return evidence !== undefined && counts(record) ? [{ ...record, evidence }] : [];
  });
}

export function isBackdoored({ attack }: { readonly attack?: unknown }): boolean {
  return attack !== undefined;
}

/** The graphs that show attention concentration are most of a verdict, and nothing is fitted on them. */
export function withoutExamples(verdict: BackdoorVerdict): BackdoorVerdict {
  if (verdict.evidence === undefined) return verdict;
  const attention = verdict.evidence.attention.map((layer) => ({ ...layer, examples: [] }));
  return { ...verdict, evidence: { ...verdict.evidence, attention } };
}
