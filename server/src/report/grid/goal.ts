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
  /** What it misses, in words; empty where it misses nothing. */
  readonly misses: readonly string[];
}

/** Judges a cell; nothing where it was not measured, or there was no attack. */
export function judge(combination: Combination): Judged | undefined {
  const attacked = combination.measured.filter(isAttackedCell);
  const loss = overSeeds(attacked, accuracyLoss)?.mean;
  if (loss === undefined) return undefined;
  const flipAsr = overSeeds(attacked, ({ after }) => after.flipAsr)?.mean;
  const floor = overSeeds(attacked, (record) => record.floor?.flipAsr)?.mean;
  const sinks = attacked.filter(({ after }) => after.flipAsr === undefined).length;
  const misses: string[] = [];
  if (sinks > 0) misses.push('every graph is predicted as the target');
  if (flipAsr !== undefined && floor !== undefined && flipAsr > floor + goalLines.aboveFloor) {
    misses.push('flip ASR above the floor');
  }
  if (loss > goalLines.worstAccuracyLoss) misses.push('accuracy lost');
  return {
    combination,
    ...(flipAsr === undefined ? {} : { flipAsr }),
    ...(floor === undefined ? {} : { floor }),
    accuracyLoss: loss,
    misses,
  };
}
