import type { AttentionGraph, AttentionSide } from '../../protocol/attention';

/** Number of shades that a node's attention is drawn in. */
const shades = 4;

/** How strongly a node is shaded: 0 where it has no attention to speak of, else 1 (least) to 4 in steps of 0.2. */
export function shadeOf(attention: number): number {
  if (attention < 0.005) return 0;
  return Math.min(shades, 1 + Math.floor(5 * attention));
}

/** Number of a layer, counted from 1, whose attention changed most. */
export function mostChangedLayer({ before, after }: AttentionGraph): number {
  const changes = before.layers.map(({ attention }, index) => {
    const other = after.layers[index]?.attention ?? [];
    const nodes = Math.max(attention.length, other.length);
    let sum = 0;
    for (let node = 0; node < nodes; node++) sum += ((attention[node] ?? 0) - (other[node] ?? 0)) ** 2;
    return sum;
  });
  return 1 + changes.indexOf(Math.max(...changes));
}

/** `Node 3, label 10, carries the trigger, attention 0.81`: one node of one side, for who cannot see it. */
export function nodeName(side: AttentionSide, layer: number, node: number): string {
  return [...whatItIs(side, node), `attention ${valueText(side, layer, node)}`].join(', ');
}

/** The same node on both sides, in one line. */
export function nodeDetails({ before, after }: AttentionGraph, layer: number, node: number): string {
  const side = node < after.labels.length ? after : before;
  const degree = side.edges.filter((edge) => edge.includes(node)).length;
  return [
    ...whatItIs(side, node),
    `degree ${degree}`,
    `attention ${valueText(before, layer, node)} before, ${valueText(after, layer, node)} after`,
  ].join(' · ');
}

function whatItIs({ labels, triggerNodes }: AttentionSide, node: number): string[] {
  const label = labels[node] ?? null;
  return [
    `Node ${node}`,
    ...(label === null ? [] : [`label ${label}`]),
    ...(triggerNodes.includes(node) ? ['carries the trigger'] : []),
  ];
}

function valueText({ layers }: AttentionSide, layer: number, node: number): string {
  return layers[layer - 1]?.attention[node]?.toFixed(2) ?? 'none';
}
