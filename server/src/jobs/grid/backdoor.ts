import { injectTrigger } from '../../attack/inject';
import { cliqueEdges, erdosRenyiEdges } from '../../attack/motifs';
import { canBeAttacked, poisonTrainingSet } from '../../attack/poisoning';
import type { Trigger } from '../../attack/trigger';
import { GraphModel } from '../../gnn/graphModel';
import { trainClassifier } from '../../gnn/train';
import { Rng } from '../../graph/rng';
import { graphsOf } from '../cleanData';
import type { EncodedData } from './gridData';
import type { TrainedModel } from './modelFolder';
import { architectureOf, splitsOf, targetOf, type SuspectSpec } from './suspect';

/** Trains a backdoored model, and puts the trigger into the test graphs that can be attacked. */
export async function backdoor(
  spec: SuspectSpec,
  data: EncodedData,
  signal: AbortSignal,
): Promise<Omit<TrainedModel, 'seconds'>> {
  const { seed, training, attack } = spec;
  const { train, test } = splitsOf(spec, data);
  const target = targetOf(spec);
  const nodes = attack.options.triggerNodes ?? 5;
  const rng = new Rng(seed, 'attack');
  const edges = attack.kind === 'topology' ? cliqueEdges(nodes) : erdosRenyiEdges(nodes, 0.8, rng);
  const trigger: Trigger = { nodes, edges, labels: null, placement: 'random', replace: true };
  const rate = attack.options.poisoningRate ?? 0.1;
  const poisoning = poisonTrainingSet(graphsOf(data.graphs, train), { trigger, target, rate }, rng);
  const model = GraphModel.random(architectureOf(spec, data), new Rng(seed, 'initial weights'));
  await trainClassifier(model, poisoning.graphs, data.layout, { ...training, seed, signal });
  const ids = test.filter((id) => canBeAttacked(data.graphs[id], trigger, target));
  const triggerRng = new Rng(seed, 'test triggers');
  return {
    model,
    poisoned: poisoning.poisoned.map((i) => train[i]),
    attacked: { ids, nodes, graphs: ids.map((id) => injectTrigger(data.graphs[id], trigger, triggerRng)) },
  };
}
