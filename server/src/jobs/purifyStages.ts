import type { JobProgress } from '../../../protocol/reports';

/** The stages of a purification in order, with the share of the time that each takes, roughly. */
const stages = [
  { key: 'search', name: 'Search for a trigger', share: 0.08 },
  { key: 'fine-tuning', name: 'Fine-tuning', share: 0.06 },
  { key: 'bounds', name: 'Bounds', share: 0.02 },
  { key: 'teacher', name: 'Teacher', share: 0.24 },
  { key: 'student', name: 'Student', share: 0.52 },
  { key: 'rescan', name: 'Re-scan', share: 0.08 },
] as const;

const stageNames = stages.map(({ name }) => name);

export type StageKey = (typeof stages)[number]['key'];

/** Where a purification stands, when some stages may go on beside others. */
export class StageProgress {
  private readonly done = new Map<StageKey, number>();
  private current: StageKey = 'search';

  /**
   * Takes note of how far a stage is.
   *
   * @param fraction share of the stage that is done, in [0, 1]
   */
  at(key: StageKey, fraction: number): JobProgress {
    this.current = key;
    return this.beside(key, fraction);
  }

  /** The same of a stage that goes on beside the one that is shown. */
  beside(key: StageKey, fraction: number): JobProgress {
    this.done.set(key, Math.max(fraction, this.done.get(key) ?? 0));
    const stageIndex = stages.findIndex((stage) => stage.key === this.current);
    return {
      stage: stages[stageIndex].name,
      stageIndex,
      stageCount: stages.length,
      stages: stageNames,
      fraction: stages.reduce((sum, stage) => sum + stage.share * (this.done.get(stage.key) ?? 0), 0),
    };
  }
}
