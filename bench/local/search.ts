import { triggerEdit } from '../../server/src/attack/triggerEdit';
import { drawTrigger, labelMarginal } from '../../server/src/attack/triggerPrior';
import { GraphModel } from '../../server/src/gnn/graphModel';
import { LocalForward } from '../../server/src/gnn/local/localForward';
import { predictLogits } from '../../server/src/gnn/predict';
import { applyEdit } from '../../server/src/graph/edit';
import type { FeatureLayout, Graph } from '../../server/src/graph/graph';
import { Rng } from '../../server/src/graph/rng';
import { median, milliseconds, relativeDifference } from './timing';

const repeats = 5;

/** Medians in milliseconds a triggered host. */
export interface SearchTimes {
  readonly meanNodes: number;
  readonly local: number;
  readonly full: number;
  readonly difference: number;
}

/**
 * Triggers of the prior in host graphs, as the scan tries them: by local runs, the base pass included, and by full
 * passes over folded batches, the making of the triggered graphs included. In turn, so that other load on the machine
 * disturbs both.
 */
export function measureSearch(hosts: readonly Graph[], layout: FeatureLayout, triggerCount: number): SearchTimes {
  const model = GraphModel.random(
    {
      kind: 'gin',
      layers: 3,
      hidden: 64,
      inputs: layout.width,
      classes: 2,
      readout: 'sum',
      batchNorm: true,
      eps: [0, 0, 0],
    },
    new Rng(2),
  );
  const rng = new Rng(3);
  const marginal = labelMarginal(hosts, layout.labelColumns);
  const triggers = Array.from({ length: triggerCount }, () => drawTrigger(rng, marginal));
  let answers = new Float32Array(0);
  let expected = new Float32Array(0);
  const runLocally = (): void => {
    const draws = new Rng(4);
    const local = new LocalForward(model, hosts, layout);
    const edited = triggers.flatMap((trigger) =>
      hosts.map((host, graph) => ({ graph, edit: triggerEdit(host, trigger, draws) })),
    );
    answers = local.logits(edited) as Float32Array<ArrayBuffer>;
    local.dispose();
  };
  const runFully = (): void => {
    const draws = new Rng(4);
    const graphs = triggers.flatMap((trigger) =>
      hosts.map((host) => applyEdit(host, triggerEdit(host, trigger, draws))),
    );
    expected = predictLogits(model, graphs, layout) as Float32Array<ArrayBuffer>;
  };
  const times: [local: number, full: number][] = [];
  for (let i = 0; i < repeats; i++) times.push([milliseconds(runLocally), milliseconds(runFully)]);
  model.dispose();
  const runs = triggers.length * hosts.length;
  return {
    meanNodes: hosts.reduce((sum, { nodeCount }) => sum + nodeCount, 0) / hosts.length,
    local: median(times.map(([local]) => local)) / runs,
    full: median(times.map(([, full]) => full)) / runs,
    difference: relativeDifference(answers, expected),
  };
}
