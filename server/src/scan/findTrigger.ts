import { cliqueEdges, ringEdges, starEdges } from '../attack/motifs';
import { drawTrigger } from '../attack/triggerPrior';
import type { Trigger } from '../attack/trigger';
import type { GraphModel } from '../gnn/graphModel';
import type { FeatureLayout, Graph } from '../graph/graph';
import type { Rng } from '../graph/rng';
import { HostRuns } from './hostRuns';
import { mutateTrigger } from './mutateTrigger';
import { margins } from './signals/margins';
import { median, signedLog } from './statistics';

const randomCandidates = 32;
/** Refinement: in each round each of the best is mutated so many times, and the best of all go on. */
const rounds = 4;
const beam = 4;
const mutantsEach = 4;

/** Cliques, rings and stars of 3 to 6 nodes with the host's own labels: a few draws from the prior may miss them. */
const plainShapes: readonly Trigger[] = [
  ...[3, 4, 5, 6].map(cliqueEdges),
  ...[4, 5, 6].map(ringEdges),
  ...[4, 5, 6].map(starEdges),
].map((edges) => ({
  nodes: 1 + Math.max(...edges.flat()),
  edges,
  labels: null,
  placement: 'random',
  replace: true,
}));

export interface TriggerSearch {
  readonly model: GraphModel;
  readonly layout: FeatureLayout;
  /** Graphs that triggers are fitted on; at least one. */
  readonly hosts: readonly Graph[];
  readonly target: number;
  /** Probability of each label column among clean nodes; empty where features hold no labels. */
  readonly labelMarginal: Float64Array;
  /** Triggers known to be strong. */
  readonly shortlist?: readonly Trigger[];
  readonly rng: Rng;
  readonly signal?: AbortSignal;
  /** Share of the work that is done, in [0, 1]. */
  readonly progress?: (fraction: number) => void;
}

/**
 * Searches for a cheap trigger that sends many hosts to the target: plain shapes, 32 triggers from the prior and
 * `shortlist`, then four rounds in which each of the best four is changed at random four times and the best of all go on.
 *
 * Every node beyond three and every label set counts against a trigger. Large subgraphs of rare labels flip any graph
 * network, so a small trigger is closer to one that an attacker would plant (Neural Cleanse, Wang et al. 2019, starts
 * from the same thought). Clean models are flipped by small triggers too: the result is no evidence (docs/detection.md).
 *
 * @throws the signal's reason once it is aborted
 */
export async function findTrigger(search: TriggerSearch): Promise<Trigger> {
  const { model, hosts, layout, labelMarginal, shortlist = [], rng, progress } = search;
  const drawn = Array.from({ length: randomCandidates }, () => drawTrigger(rng, labelMarginal));
  const runs = new HostRuns(model, hosts, layout);
  try {
    let best = strongest(await score(search, runs, [...shortlist, ...plainShapes, ...drawn]));
    for (let round = 0; round < rounds; round++) {
      progress?.((round + 1) / (rounds + 1));
      const mutants = best.flatMap(({ trigger }) =>
        Array.from({ length: mutantsEach }, () => mutateTrigger(trigger, labelMarginal, rng)),
      );
      best = strongest([...best, ...(await score(search, runs, mutants))]);
    }
    progress?.(1);
    return best[0].trigger;
  } finally {
    runs.dispose();
  }
}

interface ScoredTrigger {
  readonly trigger: Trigger;
  /** Share of the hosts predicted as the target less the trigger's cost, ties broken by the median margin. */
  readonly score: number;
}

/** Share of hosts that a trigger must win more for each node beyond three, and for each label that it sets. */
const costOfNode = 0.05;
const costOfLabel = 0.03;

function cost({ nodes, labels }: Trigger): number {
  return costOfNode * (nodes - 3) + costOfLabel * (labels?.length ?? 0);
}

async function score(
  { model, hosts, target, rng, signal }: TriggerSearch,
  runs: HostRuns,
  triggers: readonly Trigger[],
): Promise<ScoredTrigger[]> {
  const { classes } = model.architecture;
  const allMargins = margins(await runs.logits(triggers, rng, { signal }), classes);
  return triggers.map((trigger, t) => {
    const own = hosts.map((_, h) => allMargins[(t * hosts.length + h) * classes + target]);
    const hits = own.filter((margin) => margin > 0).length;
    return { trigger, score: hits / hosts.length - cost(trigger) + 1e-3 * signedLog(median(own)) };
  });
}

function strongest(candidates: readonly ScoredTrigger[]): ScoredTrigger[] {
  return [...candidates].sort((a, b) => b.score - a.score).slice(0, beam);
}
