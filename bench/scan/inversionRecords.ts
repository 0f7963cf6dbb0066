import { attackKinds, type AttackKind } from '../../server/src/attack/attack';
import type { InvertedTrigger } from '../../server/src/scan/signals/inversion';
import { inversionSettings, type InversionSettings } from '../../server/src/scan/signals/invertTrigger';
import type { TriggerFamily } from '../../server/src/scan/signals/softTriggers';
import type { ReferenceFacts } from './referenceModels';
import { dataSets } from './referencePlan';
import { counts } from './referenceRecords';

/**
 * How hard triggers are sought: as the product's function does without further settings, or, to see whether that is too
 * little, with several times as many steps.
 */
export const efforts = {
  usual: inversionSettings,
  more: { ...inversionSettings, starts: 3, steps: 50 },
} as const satisfies Record<string, InversionSettings>;
export type Effort = keyof typeof efforts;

/** What gradients led to toward one class of one reference model. */
export type InvertedFigures = Pick<InvertedTrigger, 'loss' | 'asr' | 'flip' | 'edges' | 'labels'>;

/** One reference model with the triggers sought in it. */
export interface InversionRecord {
  readonly name: string;
  readonly effort: Effort;
  readonly dataSet: string;
  readonly recipe: string;
  /** Absent for a clean model. */
  readonly attack?: AttackKind;
  readonly target?: number;
  /** Of the true trigger on the test split; absent for clean models. */
  readonly asr?: number;
  readonly flipAsr?: number;
  /** By class; null where there were too few graphs to fit or to measure on. */
  readonly inverted: Readonly<Record<TriggerFamily, readonly (InvertedFigures | null)[]>>;
  /** Of processor time: other work on the machine does not count. */
  readonly seconds: number;
}

/** Backdoored models of a data set by each attack, and clean models of it for each attack. */
const modelsOfAttack = 2;

/**
 * The models that triggers are sought in: those whose gradients reach their graphs' edges, the first two backdoored ones
 * of every data set and attack whose attack works, and as many clean ones of every data set. More effort is made on a
 * quarter of them: the first backdoored one of every other pair of data set and attack, like the squares of one colour
 * on a chessboard, and as many clean ones.
 *
 * @param facts all reference models in the order of their training
 * @returns the first of every data set and attack before the second
 */
export function inversionSample(facts: readonly ReferenceFacts[], effort: Effort): ReferenceFacts[] {
  const possible = facts.filter((one) => one.recipe.readout !== 'max' && counts(one));
  const before = new Map<string, number>();
  const placed = possible.map((one) => {
    const group = `${one.dataSet} ${one.attack?.kind ?? 'clean'}`;
    const place = before.get(group) ?? 0;
    before.set(group, place + 1);
    return { one, place };
  });
  const kinds = attackKinds.filter((kind) => possible.some(({ attack }) => attack?.kind === kind));
  const turns = placed.map(({ one, place }) => {
    // A clean model stands beside the attack in whose place it is counted.
    const kind = one.attack === undefined ? place % kinds.length : kinds.indexOf(one.attack.kind);
    const turn = one.attack === undefined ? Math.floor(place / kinds.length) : place;
    return { one, turn, isDark: (kind + dataSets.indexOf(one.dataSet)) % 2 === 0 };
  });
  if (effort === 'more') return turns.filter(({ turn, isDark }) => turn === 0 && isDark).map(({ one }) => one);
  return Array.from({ length: modelsOfAttack }, (_, wanted) => turns.filter(({ turn }) => turn === wanted))
    .flat()
    .map(({ one }) => one);
}
