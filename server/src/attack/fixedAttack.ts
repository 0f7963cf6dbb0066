import { predictLogits } from '../gnn/predict';
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
 * they are: see {@link hardestOfTarget}.
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
  const poisoned = cleanLabel ? await hardestOfTarget(input, able, count) : choosePoisoned(able, count, rng);
  const triggered = poisoned.map((id) => injectTrigger(train[id], definition, rng));
  const graphs = withPoison(train, poisoned, triggered, target);
  const from = cleanLabel ? 0.5 : 0;
  const model = await trainedModel(architecture, 'initial weights', graphs, input, { stage: 'Model', from, to: 1 });
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

/**
 * The graphs of the target class that a clean model of the same shape finds hardest. Graphs that are told by what they
 * are leave a trigger nothing to explain; on those that are not, it is the best clue there is (Gao et al. 2023, "Not all
 * samples are born equal: towards effective clean-label backdoor attacks").
 *
 * @returns ascending
 */
async function hardestOfTarget(input: AttackInput, able: readonly number[], count: number): Promise<number[]> {
  const { train, layout, architecture, options } = input;
  const stage = { stage: 'Surrogate', from: 0, to: 0.5 };
  const surrogate = await trainedModel(architecture, 'surrogate weights', train, input, stage);
  const graphs = able.map((id) => train[id]);
  const logits = predictLogits(surrogate, graphs, layout);
  surrogate.dispose();
  const { classes } = architecture;
  const margins = able.map((_, row) => {
    const ofGraph = logits.subarray(row * classes, (row + 1) * classes);
    return ofGraph[options.target] - Math.max(...ofGraph.filter((_, c) => c !== options.target));
  });
  const order = [...able.keys()].sort((a, b) => margins[a] - margins[b] || a - b);
  return order
    .slice(0, count)
    .map((row) => able[row])
    .sort((a, b) => a - b);
}
