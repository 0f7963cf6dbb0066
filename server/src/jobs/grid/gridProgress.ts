import type { GridTask } from './gridTask';
import type { Step } from './plan';

/** How far a run is. */
export interface GridProgressReport {
  /** Cells that are there, failed ones among them. */
  readonly done: number;
  readonly total: number;
  /** Cells that failed in this run. */
  readonly failed: number;
  /** Steps that run at the moment, in words. */
  readonly running: readonly string[];
  /** Cells a minute, in this run; absent before the first. */
  readonly rate?: number;
  /** Seconds left, from what steps of each kind took so far; absent while there is nothing to go by. */
  readonly secondsLeft?: number;
}

type StepKind = Step['task']['step'];

/** Keeps count of a run and reports every change. */
export class GridProgress {
  private readonly begun = Date.now();
  private readonly running = new Map<Step, number>();
  private readonly spent = new Map<StepKind, number[]>();
  private readonly left = new Map<StepKind, number>();
  private readonly before: number;
  private done: number;
  /** Most steps that ran at the same time. */
  private most = 1;
  private failed = 0;

  /**
   * @param steps that are to be done
   * @param total cells of the run, those that are there already among them
   */
  constructor(
    steps: readonly Step[],
    private readonly total: number,
    private readonly report: (progress: GridProgressReport) => void = () => undefined,
  ) {
    for (const { task } of steps) this.left.set(task.step, (this.left.get(task.step) ?? 0) + 1);
    this.before = total - (this.left.get('defend') ?? 0);
    this.done = this.before;
    this.tell();
  }

  started(step: Step): void {
    this.running.set(step, Date.now());
    this.most = Math.max(this.most, this.running.size);
    this.tell();
  }

  ended(step: Step, failed: boolean): void {
    const kind = step.task.step;
    const begun = this.running.get(step);
    if (begun !== undefined) this.spent.set(kind, [...(this.spent.get(kind) ?? []), (Date.now() - begun) / 1000]);
    this.running.delete(step);
    this.left.set(kind, (this.left.get(kind) ?? 1) - 1);
    if (kind === 'defend') {
      this.done++;
      if (failed) this.failed++;
    }
    this.tell();
  }

  private tell(): void {
    const minutes = (Date.now() - this.begun) / 60_000;
    const made = this.done - this.before;
    const secondsLeft = this.secondsLeft();
    this.report({
      ...{
        done: this.done,
        total: this.total,
        failed: this.failed,
        running: [...this.running.keys()].map(({ task }) => stepText(task)),
      },
      ...(made > 0 && minutes > 0 ? { rate: made / minutes } : {}),
      ...(secondsLeft === undefined ? {} : { secondsLeft }),
    });
  }

  private secondsLeft(): number | undefined {
    let seconds = 0;
    for (const [kind, count] of this.left) {
      const times = this.spent.get(kind);
      if (count > 0 && times === undefined) return undefined;
      seconds += (count * (times ?? []).reduce((sum, time) => sum + time, 0)) / (times?.length ?? 1);
    }
    return seconds / this.most;
  }
}

/** A step in words, such as `train AIDS/gta/gin s0` or `nad on AIDS/gta/gin s0`. */
export function stepText(task: GridTask): string {
  const { data, attack, architecture, seed } = task.spec;
  const suspect = `${data.name}/${attack.name}/${architecture.name} s${seed}`;
  return task.step === 'defend' ? `${task.defense.name} on ${suspect}` : `${task.step} ${suspect}`;
}
