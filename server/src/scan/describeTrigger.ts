import type { TriggerSummary } from '../../../protocol/reports';

/** Where trigger nodes go, as it reads after "put". */
const places: Record<TriggerSummary['placement'], string> = {
  random: 'on random nodes',
  degree: 'on hub nodes',
  bfs: 'around a hub node',
  'low-degree': 'on nodes of low degree',
};

/** A trigger in a few words: `4-node ring put on hub nodes`. */
export function describeTrigger(trigger: TriggerSummary): string {
  const where = trigger.attach === 'new-nodes' ? 'appended to one node' : `put ${places[trigger.placement]}`;
  const labels = trigger.labels !== null && trigger.edges !== null ? ' with its own labels' : '';
  return `${trigger.nodes}-node ${shapeOf(trigger)}${labels} ${where}`;
}

function shapeOf({ nodes, edges }: TriggerSummary): string {
  if (edges === null) return 'set of labels';
  const degrees = new Array<number>(nodes).fill(0);
  for (const [u, v] of edges) {
    degrees[u]++;
    degrees[v]++;
  }
  const has = (...wanted: number[]): boolean => degrees.every((degree) => wanted.includes(degree));
  const connected = isConnected(nodes, edges);
  if (edges.length === (nodes * (nodes - 1)) / 2) return 'clique';
  if (connected && edges.length === nodes && has(2)) return 'ring';
  if (connected && edges.length === nodes - 1 && has(1, 2)) return 'path';
  if (connected && edges.length === nodes - 1 && has(1, nodes - 1)) return 'star';
  return `subgraph of ${edges.length} ${edges.length === 1 ? 'edge' : 'edges'}`;
}

function isConnected(nodes: number, edges: readonly (readonly [number, number])[]): boolean {
  const component = Array.from({ length: nodes }, (_, node) => node);
  for (const [u, v] of edges) {
    const [kept, merged] = [component[u], component[v]];
    component.forEach((id, node) => {
      if (id === merged) component[node] = kept;
    });
  }
  return component.every((id) => id === component[0]);
}
