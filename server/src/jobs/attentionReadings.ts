import type { AttentionGraph, AttentionViewName } from '../../../protocol/attention';
import type { GraphModel } from '../gnn/graphModel';
import type { Graph } from '../graph/graph';
import { graphAttention, type GraphAttention } from '../scan/graphAttention';
import { attentionChange, attentionSide, type SideParts } from './attentionSides';
import type { TriggeredVersions } from './attentionTriggers';
import type { RunnableModel } from './runModel';

/**
 * Runs the models on the graphs, as they are and with the trigger.
 *
 * @param after the model after; absent: the model before is compared with itself, without and with the trigger
 * @param ids data set ids of the graphs to look at
 * @returns every graph in every view that it has, view by view
 */
export function readGraphs(
  { model, data }: RunnableModel,
  after: GraphModel | undefined,
  ids: readonly number[],
  triggered: TriggeredVersions | undefined,
): AttentionGraph[] {
  const withNodes = ids.filter((id) => data.graphs[id].nodeCount > 0);
  const attacked = withNodes.filter((id) => triggered?.versions.has(id));
  const read = (by: GraphModel, ids: readonly number[], graphOf: (id: number) => Graph): Reading[] => {
    const graphs = ids.map(graphOf);
    const attention = [...graphAttention(by, graphs, data.layout)];
    return ids.map((id, i) => ({ id, graph: graphs[i], attention: attention[i] }));
  };
  const clean = (id: number): Graph => data.graphs[id];
  const withTrigger = (id: number): Graph => triggered?.versions.get(id)?.graph ?? clean(id);
  const parts = (by: number, { id, graph, attention }: Reading, view: AttentionViewName): SideParts => ({
    ...{ model: by, triggered: view === 'triggered', dataset: data.dataset, layout: data.layout, id, graph },
    ...{ attention, triggerNodes: triggered?.versions.get(id)?.nodes ?? [] },
  });
  const view = (name: AttentionViewName, before: Reading[], other: Reading[], sides: Sides): AttentionGraph[] =>
    before.map((reading, i) => ({
      id: reading.id,
      classLabel: reading.graph.classLabel,
      view: name,
      change: attentionChange(reading.attention.layers, other[i].attention.layers),
      before: attentionSide(parts(0, reading, sides[0])),
      after: attentionSide(parts(after === undefined ? 0 : 1, other[i], sides[1])),
    }));
  if (after === undefined) {
    const pair = [read(model, attacked, clean), read(model, attacked, withTrigger)] as const;
    return view('triggered', ...pair, ['clean', 'triggered']);
  }
  return [
    ...view('clean', read(model, withNodes, clean), read(after, withNodes, clean), ['clean', 'clean']),
    ...view('triggered', read(model, attacked, withTrigger), read(after, attacked, withTrigger), [
      'triggered',
      'triggered',
    ]),
  ];
}

interface Reading {
  readonly id: number;
  readonly graph: Graph;
  readonly attention: GraphAttention;
}

/** Whether the trigger is in the graph, on either side. */
type Sides = readonly [AttentionViewName, AttentionViewName];
