import { canonicalEdges, labelsOfEdges } from '../graph/edges';
import type { FeatureLayout, Graph } from '../graph/graph';
import { Rng } from '../graph/rng';
import { attributeWidthOf } from '../graph/subgraph';
import type { AttackTrigger } from './attack';
import { injectTrigger } from './inject';
import { canBeAttacked } from './poisoning';
import { TriggerFileError, type TriggeredGraph, type TriggerFile } from './triggerFile';

export interface TriggeredSet {
  /** Data set ids of the attacked graphs: not of the target class, and larger than the trigger or given by the file. */
  readonly ids: number[];
  /** Those graphs with the trigger, in the same order; they keep their true class. */
  readonly graphs: Graph[];
}

/**
 * Triggered versions of test graphs, as the attack that was made puts its trigger in.
 *
 * @param graphs all graphs of the data set, so that an id is an index
 * @param ids test graphs; those that cannot be attacked are left out
 * @param seed chooses nodes where that is left to chance
 */
export function attackedGraphs(
  trigger: AttackTrigger,
  graphs: readonly Graph[],
  ids: readonly number[],
  seed: number,
): TriggeredSet {
  const attacked = ids.filter((id) => canBeAttacked(graphs[id], trigger, trigger.target));
  const hosts = attacked.map((id) => graphs[id]);
  return { ids: attacked, graphs: trigger.apply(hosts, new Rng(seed, 'test triggers')) };
}

/**
 * Triggered versions of test graphs, as a trigger file defines or gives them. The version of a graph depends on its id
 * and the file's seed, not on which other graphs are asked for.
 *
 * @param graphs all graphs of the data set, so that an id is an index
 * @param ids test graphs
 * @param classCount number of classes of the model
 * @param file name of the trigger file, for errors
 * @throws TriggerFileError where the file does not fit the data, or no test graph can be attacked
 */
export function triggeredGraphs(
  trigger: TriggerFile,
  graphs: readonly Graph[],
  ids: readonly number[],
  layout: FeatureLayout,
  classCount: number,
  file: string,
): TriggeredSet {
  if (trigger.target >= classCount) {
    const reason = `class ${trigger.target} does not exist: the model has ${classCount} (counted from 0)`;
    throw new TriggerFileError(file, 'target', reason);
  }
  const attacked = trigger.graphs
    ? givenGraphs(trigger.graphs, trigger.target, graphs, ids, layout, file)
    : builtGraphs(trigger, graphs, ids, layout, file);
  if (attacked.ids.length === 0) {
    const reason = trigger.graphs
      ? 'it holds a triggered version of none of the test graphs: was it made for other data or another split?'
      : `no test graph is of another class than ${trigger.target} and has more than ${trigger.nodes} nodes`;
    throw new TriggerFileError(file, '', reason);
  }
  return attacked;
}

function builtGraphs(
  { trigger, target, seed }: TriggerFile,
  graphs: readonly Graph[],
  ids: readonly number[],
  layout: FeatureLayout,
  file: string,
): TriggeredSet {
  if (trigger === undefined) return { ids: [], graphs: [] };
  requireLabelsFit(trigger.labels, layout, file, 'labels');
  trigger.attributes?.forEach((row, i) => {
    if (row.length === layout.attributeWidth) return;
    const reason = `${row.length} attributes, but the model is given ${layout.attributeWidth} per node`;
    throw new TriggerFileError(file, `features[${i}]`, reason);
  });
  const attacked = ids.filter((id) => canBeAttacked(graphs[id], trigger, target));
  return {
    ids: attacked,
    graphs: attacked.map((id) => injectTrigger(graphs[id], trigger, new Rng(seed, `trigger of graph ${id}`))),
  };
}

function givenGraphs(
  given: ReadonlyMap<number, TriggeredGraph>,
  target: number,
  graphs: readonly Graph[],
  ids: readonly number[],
  layout: FeatureLayout,
  file: string,
): TriggeredSet {
  const attacked = ids.filter((id) => given.has(id) && graphs[id].classLabel !== target);
  return {
    ids: attacked,
    graphs: attacked.map((id) => {
      const place = `graphs["${id}"]`;
      const version = given.get(id) ?? { labels: null, edges: [] };
      // Features without labels take the structure alone.
      if (layout.labelColumns > 0) requireLabelsFit(version.labels, layout, file, `${place}.labels`);
      return asGraph(version, graphs[id], layout, (part, reason) => new TriggerFileError(file, place + part, reason));
    }),
  };
}

function asGraph(
  version: TriggeredGraph,
  host: Graph,
  layout: FeatureLayout,
  fail: (part: string, reason: string) => Error,
): Graph {
  const nodeCount = version.labels?.length ?? host.nodeCount;
  if (nodeCount < host.nodeCount) {
    throw fail('.labels', `${nodeCount} nodes, fewer than the ${host.nodeCount} of the graph without the trigger`);
  }
  version.edges.forEach(([u, v], i) => {
    if (Math.max(u, v) >= nodeCount) throw fail(`.edges[${i}]`, `the graph has ${nodeCount} nodes (counted from 0)`);
  });
  const edges = canonicalEdges(nodeCount, version.edges.flat());
  const edgeLabels = labelsOfEdges(host, edges);
  return {
    nodeCount,
    edges,
    nodeLabels: layout.labelColumns > 0 ? Int32Array.from(version.labels ?? host.nodeLabels) : new Int32Array(0),
    attributes: extendedAttributes(host, nodeCount),
    ...(edgeLabels && { edgeLabels }),
    classLabel: host.classLabel,
  };
}

/** The host's attributes; nodes that the file adds get the host's mean, since it gives them none. */
function extendedAttributes(host: Graph, nodeCount: number): Float32Array {
  const width = attributeWidthOf(host);
  const attributes = new Float32Array(nodeCount * width);
  attributes.set(host.attributes);
  for (let column = 0; column < width; column++) {
    let sum = 0;
    for (let node = 0; node < host.nodeCount; node++) sum += host.attributes[node * width + column];
    for (let node = host.nodeCount; node < nodeCount; node++) attributes[node * width + column] = sum / host.nodeCount;
  }
  return attributes;
}

function requireLabelsFit(labels: readonly number[] | null, layout: FeatureLayout, file: string, place: string): void {
  const wrong = labels?.findIndex((label) => label >= layout.labelColumns) ?? -1;
  if (labels === null || wrong < 0) return;
  const reason =
    layout.labelColumns === 0
      ? `the features "${layout.kind}" hold no labels to set`
      : `label column ${labels[wrong]} does not exist: there are ${layout.labelColumns} (counted from 0)`;
  throw new TriggerFileError(file, `${place}[${wrong}]`, reason);
}
