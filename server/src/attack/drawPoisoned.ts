import type { Rng } from '../graph/rng';
import { AttackError, type PreparedAttack } from './attack';
import { canBeAttacked, choosePoisoned, poisonedCount } from './poisoning';

/**
 * Draws the training graphs that an attack poisons: larger than the trigger and of other classes than the target, or of
 * the target's where labels are to stay right (`clean-label`).
 *
 * @param nodes trigger size
 * @returns indices, ascending; fewer than the poisoning rate asks for where there are not enough
 * @throws AttackError where there is none
 */
export function drawPoisoned(
  { train, options }: Pick<PreparedAttack, 'train' | 'options'>,
  nodes: number,
  rng: Rng,
): number[] {
  const { kind, target, poisoningRate } = options;
  const able = [...train.keys()].filter((id) =>
    kind === 'clean-label'
      ? train[id].classLabel === target && train[id].nodeCount > nodes
      : canBeAttacked(train[id], { nodes }, target),
  );
  const count = Math.min(able.length, poisonedCount(train.length, poisoningRate));
  if (count > 0) return choosePoisoned(able, count, rng);
  const reason = `the rate is too low, or none of the wanted class has more than ${nodes} nodes`;
  throw new AttackError(kind, `no training graph can be poisoned: ${reason}`);
}
