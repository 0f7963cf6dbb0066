import {
  AttackError,
  requireAttackOptions,
  resolveAttackOptions,
  type AttackInput,
  type AttackKind,
  type AttackResult,
  type PreparedAttack,
} from './attack';
import { craftedAttack } from './craftedAttack';
import { fixedAttack } from './fixedAttack';
import { motifAttack } from './motifAttack';

export * from './attack';

/** How each attack is made. */
const attackers: Readonly<Record<AttackKind, (input: PreparedAttack) => Promise<AttackResult>>> = {
  subgraph: fixedAttack,
  feature: fixedAttack,
  topology: fixedAttack,
  'new-nodes': fixedAttack,
  'clean-label': fixedAttack,
  motif: motifAttack,
  gta: craftedAttack,
  adaptive: craftedAttack,
};

/**
 * Trains a model with a backdoor. The same input gives the same weights.
 *
 * @throws AttackError where options do not fit the data, and the signal's reason once it is aborted
 */
export async function attack(input: AttackInput): Promise<AttackResult> {
  const { train, architecture } = input;
  const options = resolveAttackOptions(input.options);
  requireAttackOptions(options, architecture.classes);
  if (train.length < 2) {
    throw new AttackError(options.kind, `at least 2 training graphs are needed, got ${train.length}`);
  }
  return attackers[options.kind]({ ...input, options });
}
