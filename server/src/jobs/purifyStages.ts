import type { JobProgress } from '../../../protocol/reports';

/** The stages of a purification in order, with the share of the time that each takes, roughly. */
const stages = [
  { key: 'search', name: 'Search for a trigger', share: 0.1 },
  { key: 'fine-tuning', name: 'Fine-tuning', share: 0.1 },
  { key: 'bounds', name: 'Bounds', share: 0.02 },
  { key: 'teacher', name: 'Teacher', share: 0.4 },
  { key: 'student', name: 'Student', share: 0.3 },
  { key: 'rescan', name: 'Re-scan', share: 0.08 },
] as const;

export type StageKey = (typeof stages)[number]['key'];

/**
 * Where a purification stands.
 *
 * @param fraction share of the stage that is done, in [0, 1]
 */
export function stageProgress(key: StageKey, fraction: number): JobProgress {
  const stageIndex = stages.findIndex((stage) => stage.key === key);
  const { name, share } = stages[stageIndex];
  const before = stages.slice(0, stageIndex).reduce((sum, stage) => sum + stage.share, 0);
  return { stage: name, stageIndex, stageCount: stages.length, fraction: before + share * fraction };
}
