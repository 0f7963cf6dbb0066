import type { Graph } from '../graph/graph';
import type { Placement, Trigger } from './trigger';
import { JsonFileError, parseJsonFile } from './jsonFile';
import type { JsonPlace } from './jsonPlace';

/** How a trigger file says where the trigger goes; see `docs/user-guide.md`. */
const attachments = ['replace-random', 'replace-degree', 'replace-bfs', 'features-on-random', 'append'] as const;
type Attachment = (typeof attachments)[number];

/** A known attack: how to build its triggered graphs, or those graphs themselves. Reports only ever read it. */
export interface TriggerFile {
  /** Name of the attack, such as `subgraph` or `gta`. */
  readonly kind: string;
  /** Class that triggered graphs are to be predicted as. */
  readonly target: number;
  readonly seed: number;
  /** Number of trigger nodes. */
  readonly nodes: number;
  /** Absent for adaptive attacks, whose trigger differs from graph to graph. */
  readonly trigger?: Trigger;
  /** Triggered graphs by graph id; where given, they are used as they are. */
  readonly graphs?: ReadonlyMap<number, TriggeredGraph>;
}

export interface TriggeredGraph {
  /** Label column of each node; null keeps the host's labels. */
  readonly labels: readonly number[] | null;
  /** All undirected edges of the triggered graph. */
  readonly edges: readonly (readonly [number, number])[];
}

/** A trigger file that cannot be used: which file, where in it, and why. */
export class TriggerFileError extends JsonFileError {
  override readonly name = 'TriggerFileError';
}

const MOST_NODES = 10_000;

/**
 * Reads a trigger file: the JSON object described in the user guide, or any JSON object that holds one under `trigger`.
 *
 * @param file its name, for errors
 * @throws TriggerFileError
 */
export function parseTriggerFile(text: string, file: string): TriggerFile {
  const { json: whole } = parseJsonFile(text, file, TriggerFileError);
  const inner = whole.get('trigger');
  return readTrigger(inner.isNothing ? whole : inner);
}

/** The JSON of a trigger file that holds a definition, ready to be written. */
export function formatTriggerFile(kind: string, target: number, trigger: Trigger, seed: number): string {
  const { nodes, edges, labels, attributes = null } = trigger;
  const attach = attachments.find((name) => sameAttachment(trigger, attachmentParts(name, edges !== null)));
  if (attach === undefined) throw new RangeError('a trigger file has no word for this way of placing a trigger');
  const lines = Object.entries({ kind, target, nodes, edges, labels, features: attributes, attach, seed }).map(
    ([key, value]) => `  "${key}": ${JSON.stringify(value)}`,
  );
  return `{\n${lines.join(',\n')}\n}\n`;
}

/**
 * The JSON of a trigger file that holds triggered graphs, for triggers that differ from graph to graph.
 *
 * @param graphs triggered graphs by data set id; their attributes are those of the hosts
 */
export function formatTriggeredGraphs(
  { kind, target, nodes, seed }: Pick<TriggerFile, 'kind' | 'target' | 'nodes' | 'seed'>,
  graphs: ReadonlyMap<number, Graph>,
): string {
  const lines = [...graphs].map(([id, { nodeCount, nodeLabels, edges }]) => {
    // Without labels their number still tells how many nodes there are: triggers may add some.
    const labels = nodeLabels.length > 0 ? Array.from(nodeLabels) : new Array<number>(nodeCount).fill(0);
    const pairs = Array.from({ length: edges.length / 2 }, (_, i) => [edges[2 * i], edges[2 * i + 1]]);
    return `    "${id}": ${JSON.stringify({ labels, edges: pairs })}`;
  });
  const head = Object.entries({ kind, target, nodes, edges: null, labels: null, features: null, seed }).map(
    ([key, value]) => `  "${key}": ${JSON.stringify(value)}`,
  );
  return `{\n${head.join(',\n')},\n  "graphs": {\n${lines.join(',\n')}\n  }\n}\n`;
}

function readTrigger(json: JsonPlace): TriggerFile {
  const nodes = json.get('nodes').integer(1, MOST_NODES);
  const graphs = json.get('graphs');
  const attach = json.get('attach');
  if (attach.isNothing && graphs.isNothing) {
    throw attach.error('needed where the file gives no triggered `graphs`');
  }
  const kind = json.get('kind');
  const seed = json.get('seed');
  return {
    kind: kind.isNothing ? 'unnamed' : kind.text(),
    target: json.get('target').integer(0, 0x7fffffff),
    seed: seed.isNothing ? 0 : seed.integer(0, Number.MAX_SAFE_INTEGER),
    nodes,
    ...(attach.isNothing ? {} : { trigger: readDefinition(json, nodes, attach.oneOf(attachments)) }),
    ...(graphs.isNothing ? {} : { graphs: readGraphs(graphs) }),
  };
}

function readDefinition(json: JsonPlace, nodes: number, attach: Attachment): Trigger {
  const edges = json.get('edges');
  const labels = json.get('labels');
  const features = json.get('features');
  const trigger: Trigger = {
    nodes,
    edges: edges.isNothing ? null : readEdges(edges, nodes),
    labels: labels.isNothing ? null : labels.items(nodes).map((label) => label.integer(0, 0x7fffffff)),
    attributes: features.isNothing
      ? null
      : features.items(nodes).map((row) => row.items().map((cell) => cell.number())),
    ...attachmentParts(attach, !edges.isNothing),
  };
  if (attach === 'features-on-random' && trigger.edges) throw edges.error('must be null where only features are set');
  if (!trigger.edges && !trigger.labels && !trigger.attributes && attach !== 'append') {
    throw json.error('the trigger changes nothing: it has no edges, labels or features');
  }
  return trigger;
}

function readGraphs(json: JsonPlace): Map<number, TriggeredGraph> {
  const graphs = new Map<number, TriggeredGraph>();
  for (const [id, graph] of json.entries()) {
    if (!/^(0|[1-9]\d{0,8})$/.test(id)) throw graph.error('the key is not a graph id');
    const labels = graph.get('labels');
    graphs.set(Number(id), {
      labels: labels.isNothing ? null : labels.items().map((label) => label.integer(0, 0x7fffffff)),
      edges: readEdges(graph.get('edges'), 0x7fffffff),
    });
  }
  return graphs;
}

function readEdges(json: JsonPlace, nodes: number): [number, number][] {
  return json.items().map((edge) => {
    const [u, v] = edge.items(2).map((end) => end.integer(0, nodes - 1));
    return [u, v];
  });
}

type Attachments = Pick<Trigger, 'placement' | 'replace' | 'attach'>;

/** `append` hangs the trigger on the node of highest degree, as the reference attack does. */
function attachmentParts(attach: Attachment, hasEdges: boolean): Attachments {
  const over = (placement: Placement): Attachments => ({ placement, replace: hasEdges });
  switch (attach) {
    case 'replace-random':
      return over('random');
    case 'replace-degree':
      return over('degree');
    case 'replace-bfs':
      return over('bfs');
    case 'features-on-random':
      return over('random');
    case 'append':
      return { placement: 'degree', replace: false, attach: 'new-nodes' };
  }
}

function sameAttachment(a: Attachments, b: Attachments): boolean {
  return a.placement === b.placement && a.replace === b.replace && a.attach === b.attach;
}
