import { applyEdit } from '../graph/edit';
import type { Graph } from '../graph/graph';
import { Rng } from '../graph/rng';
import { AttackError, type AttackResult, type PreparedAttack } from './attack';
import { MotifCodes, mostMotifNodes } from './connectedMotifs';
import { drawPoisoned } from './drawPoisoned';
import { keepModel } from './keptModel';
import { motifFrequencies } from './motifFrequencies';
import { importantNodes } from './motifPlacement';
import { withPoison } from './poisoning';
import { trainedModel } from './trainStage';
import type { Trigger } from './trigger';
import { layOver } from './triggerEdit';
import { triggerNodes } from './triggerNodes';

/** Graphs of each side whose motifs are counted: enough for shares to within a few percent. */
const countedGraphs = 100;

/**
 * Motif-Backdoor (Zheng et al. 2023): the trigger is the connected motif that is rarest in graphs of other classes, laid
 * over those nodes of each graph that matter most to a surrogate model (see {@link importantNodes}).
 *
 * @throws AttackError
 */
export async function motifAttack(input: PreparedAttack): Promise<AttackResult> {
  const { train, layout, architecture, options, seed } = input;
  const { kind, target } = options;
  const nodes = triggerNodes(options, train);
  if (nodes < 3 || nodes > mostMotifNodes) {
    throw new AttackError(kind, `a motif has 3 to ${mostMotifNodes} nodes, got ${nodes}`);
  }
  const rng = new Rng(seed, 'attack');
  const definition: Trigger = {
    nodes,
    edges: rarestMotif(train, target, nodes, rng),
    labels: null,
    placement: 'bfs',
    replace: true,
  };
  const poisoned = drawPoisoned(input, nodes, rng);

  const surrogate = await trainedModel(architecture, 'surrogate weights', train, input, {
    stage: 'Surrogate',
    from: 0,
    to: 0.5,
  });
  const restored = keepModel(surrogate);
  surrogate.dispose();
  const apply = (hosts: readonly Graph[]): Graph[] => {
    const model = restored();
    try {
      const chosen = importantNodes(model, hosts, layout, nodes);
      return hosts.map((graph, i) => applyEdit(graph, layOver(graph, definition, chosen[i])));
    } finally {
      model.dispose();
    }
  };
  const graphs = withPoison(train, poisoned, apply(poisoned.map((id) => train[id])), target);
  const stage = { stage: 'Model', from: 0.5, to: 1 };
  const model = await trainedModel(architecture, 'initial weights', graphs, input, stage);
  return { model, trigger: { kind, target, nodes, apply }, poisoned };
}

/**
 * The motif that is rarest in graphs of other classes than the target; of equally rare ones that which is most frequent
 * in the target class, then that with the fewest edges.
 */
function rarestMotif(train: readonly Graph[], target: number, nodes: number, rng: Rng): Trigger['edges'] {
  const codes = new MotifCodes(nodes);
  const frequencies = (ofTarget: boolean): Map<number, number> => {
    const side = train.filter(({ classLabel }) => (classLabel === target) === ofTarget);
    return motifFrequencies(
      Array.from(rng.permutation(side.length).subarray(0, countedGraphs), (i) => side[i]),
      codes,
    );
  };
  const [own, others] = [frequencies(true), frequencies(false)];
  const share = (shares: ReadonlyMap<number, number>, code: number): number => shares.get(code) ?? 0;
  const ranked = codes.connected().sort((a, b) => {
    const rarer = share(others, a) - share(others, b);
    const moreInTarget = share(own, b) - share(own, a);
    return rarer || moreInTarget || codes.edgesOf(a).length - codes.edgesOf(b).length || a - b;
  });
  return codes.edgesOf(ranked[0]);
}
