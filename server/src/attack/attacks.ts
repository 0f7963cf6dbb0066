import { AttackError, type AttackInput, type AttackKind, type AttackResult } from './attack';
import { craftedAttack } from './craftedAttack';
import { fixedAttack } from './fixedAttack';
import { motifAttack } from './motifAttack';

export * from './attack';

/** How each attack is made. */
const attackers: Readonly<Record<AttackKind, (input: AttackInput) => Promise<AttackResult>>> = {
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
  const { options, train, architecture } = input;
  const { kind, target, poisoningRate = 0.1, triggerNodes, rounds, generatorEpochs } = options;
  const fail = (reason: string): AttackError => new AttackError(kind, reason);
  if (!Number.isInteger(target) || target < 0 || target >= architecture.classes) {
    throw fail(`there is no class ${target}: the model has ${architecture.classes} (counted from 0)`);
  }
  if (!(poisoningRate > 0 && poisoningRate <= 1)) {
    throw fail(`the poisoning rate must lie above 0 and at most at 1, got ${poisoningRate}`);
  }
  if (triggerNodes !== undefined && !(Number.isInteger(triggerNodes) && triggerNodes >= 2)) {
    throw fail(`a trigger has at least 2 nodes, got ${triggerNodes}`);
  }
  for (const [name, value = 1] of Object.entries({ rounds, generatorEpochs })) {
    if (!Number.isInteger(value) || value < 1) throw fail(`${name} must be a whole number from 1, got ${value}`);
  }
  if (train.length < 2) throw fail(`at least 2 training graphs are needed, got ${train.length}`);
  return attackers[kind](input);
}
