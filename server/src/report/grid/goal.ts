import { accuracyLoss, isAttackedCell, overSeeds, type Combination } from './combination';

/** What a defense is to reach; shares. */
export const goalLines = {
  /** Mean flip ASR over all cells. */
  flipAsr: 0.05,
  /** By how much a cell's flip ASR may lie above its benign floor. */
  aboveFloor: 0.05,
  /** Mean accuracy loss over all cells. */
  accuracyLoss: 0.01,
  /** Accuracy loss of any cell. */
  worstAccuracyLoss: 0.03,
} as const;

/** A cell as the goal sees it: means over seeds. */
export interface Judged {
  readonly combination: Combination;
  /** Absent where the model predicts the target for every graph: none is left to flip. */
  readonly flipAsr?: number;
  readonly floor?: number;
  readonly accuracyLoss: number;
  /** Whether more graphs flip than the goal allows, or no graph is left that could; a floor that is not known is 0. */
  readonly aboveFloor: boolean;
  /** What it misses, in words; empty where it misses nothing. */
  readonly misses: readonly string[];
}

/** Figures are quotients of counts: rounding must not decide. */
const rounding = 1e-9;

/** Judges a cell; nothing where it was not measured, or there was no attack. */
export function judge(combination: Combination): Judged | undefined {
  const attacked = combination.measured.filter(isAttackedCell);
  const loss = overSeeds(attacked, accuracyLoss)?.mean;
  if (loss === undefined) return undefined;
  const flipAsr = overSeeds(attacked, ({ after }) => after.flipAsr)?.mean;
  const floor = overSeeds(attacked, (record) => record.floor?.flipAsr)?.mean;
  const sinks = attacked.filter(({ after }) => after.flipAsr === undefined).length;
  const flips = flipAsr !== undefined && flipAsr > (floor ?? 0) + goalLines.aboveFloor + rounding;
  const misses = [
    ...(sinks > 0 ? ['every graph is predicted as the target'] : []),
    ...(flips ? ['flip ASR above the floor'] : []),
    ...(loss > goalLines.worstAccuracyLoss + rounding ? ['accuracy lost'] : []),
  ];
  return {
    combination,
    ...(flipAsr === undefined ? {} : { flipAsr }),
    ...(floor === undefined ? {} : { floor }),
    accuracyLoss: loss,
    aboveFloor: flips || sinks > 0,
    misses,
  };
}
