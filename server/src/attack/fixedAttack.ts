import type { Graph } from '../graph/graph';
import { Rng } from '../graph/rng';
import { AttackError, type AttackInput, type AttackResult } from './attack';
import { fixedTrigger } from './fixedTrigger';
import { injectTrigger } from './inject';
import { canBeAttacked, choosePoisoned, poisonedCount, withPoison } from './poisoning';
import { trainedModel } from './trainStage';

/**
 * Attacks with one trigger for all graphs: chooses graphs, puts the trigger in, gives them the target's label and
 * trains a model on the poisoned set. `clean-label` takes graphs of the target class instead, whose labels are right as
 * they are.
 *
 * @throws AttackError
 */
export async function fixedAttack(input: AttackInput): Promise<AttackResult> {
  const { train, layout, architecture, options, seed } = input;
  const { kind, target, poisoningRate = 0.1 } = options;
  const rng = new Rng(seed, 'attack');
  const definition = fixedTrigger(options, train, layout, rng);
  const cleanLabel = kind === 'clean-label';
  const able = [...train.keys()].filter((id) =>
    cleanLabel
      ? train[id].classLabel === target && train[id].nodeCount > definition.nodes
      : canBeAttacked(train[id], definition, target),
  );
  const count = Math.min(able.length, poisonedCount(train.length, poisoningRate));
  if (count === 0) throw tooFew(input, definition.nodes);
  const poisoned = choosePoisoned(able, count, rng);
  const triggered = poisoned.map((id) => injectTrigger(train[id], definition, rng));
  const graphs = withPoison(train, poisoned, triggered, target);
  const model = await trainedModel(architecture, 'initial weights', graphs, input, { stage: 'Model', from: 0, to: 1 });
  const apply = (hosts: readonly Graph[], placement: Rng): Graph[] =>
    hosts.map((graph) => injectTrigger(graph, definition, placement));
  return { model, trigger: { kind, target, nodes: definition.nodes, definition, apply }, poisoned };
}

/** No training graph can carry the trigger. */
export function tooFew({ options: { kind } }: AttackInput, nodes: number): AttackError {
  return new AttackError(
    kind,
    `no training graph can be poisoned: the rate is too low, or none of the wanted class has more than ${nodes} nodes`,
  );
}
