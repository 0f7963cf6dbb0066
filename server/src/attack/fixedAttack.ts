import type { Graph } from '../graph/graph';
import { Rng } from '../graph/rng';
import type { AttackResult, PreparedAttack } from './attack';
import { drawPoisoned } from './drawPoisoned';
import { fixedTrigger } from './fixedTrigger';
import { injectTrigger } from './inject';
import { withPoison } from './poisoning';
import { trainedModel } from './trainStage';

/**
 * Attacks with one trigger for all graphs: chooses graphs, puts the trigger in, gives them the target's label and
 * trains a model on the poisoned set. `clean-label` takes graphs of the target class instead, whose labels are right as
 * they are.
 *
 * @throws AttackError
 */
export async function fixedAttack(input: PreparedAttack): Promise<AttackResult> {
  const { train, layout, architecture, options, seed } = input;
  const { kind, target } = options;
  const rng = new Rng(seed, 'attack');
  const definition = fixedTrigger(options, train, layout, rng);
  const poisoned = drawPoisoned(input, definition.nodes, rng);
  const triggered = poisoned.map((id) => injectTrigger(train[id], definition, rng));
  const graphs = withPoison(train, poisoned, triggered, target);
  const model = await trainedModel(architecture, 'initial weights', graphs, input, { stage: 'Model', from: 0, to: 1 });
  const apply = (hosts: readonly Graph[], placement: Rng): Graph[] =>
    hosts.map((graph) => injectTrigger(graph, definition, placement));
  return { model, trigger: { kind, target, nodes: definition.nodes, definition, apply }, poisoned };
}
