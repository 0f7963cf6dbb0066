import { attack, type AttackOptions } from '../../attack/attacks';
import { attackedGraphs } from '../../attack/triggeredGraphs';
import { graphsOf } from '../cleanData';
import type { EncodedData } from './gridData';
import type { TrainedModel } from './modelFolder';
import { architectureOf, splitsOf, targetOf, type SuspectSpec } from './suspect';

/**
 * Trains a backdoored model, and puts the trigger into the test graphs that can be attacked.
 *
 * @throws AttackError, and the signal's reason
 */
export async function backdoor(
  spec: SuspectSpec,
  data: EncodedData,
  signal: AbortSignal,
): Promise<Omit<TrainedModel, 'seconds'>> {
  const { seed, training } = spec;
  const { train, test } = splitsOf(spec, data);
  const target = targetOf(spec);
  const { model, trigger, poisoned } = await attack({
    train: graphsOf(data.graphs, train),
    layout: data.layout,
    architecture: architectureOf(spec, data),
    options: { ...spec.attack.options, kind: spec.attack.kind, target } as AttackOptions,
    training,
    seed,
    signal,
  });
  const attacked = { ...attackedGraphs(trigger, data.graphs, test, seed), nodes: trigger.nodes };
  return { model, poisoned: poisoned.map((i) => train[i]), attacked };
}
