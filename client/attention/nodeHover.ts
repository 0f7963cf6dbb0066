import type { AttentionGraph, AttentionSide } from '../../protocol/attention';

const mostNeighbours = 12;
const mostFeatures = 16;

/**
 * What is known of a node, as lines of Markdown; undefined where neither side has it.
 *
 * @param layer counted from 1
 */
export function nodeHover({ before, after }: AttentionGraph, layer: number, node: number): string[] | undefined {
  const side = [after, before].find(({ labels }) => node < labels.length);
  if (side === undefined) return undefined;
  const label = side.labels[node];
  const title = [
    `**Node ${node}**`,
    ...(label === null ? [] : [`label ${label}`]),
    ...(side.triggerNodes.includes(node) ? ['carries the trigger'] : []),
  ];
  const features = side.attributes?.[node];
  return [
    title.join(' · '),
    `Attention in layer ${layer}: ${attentionText(before, layer, node)} before, ${attentionText(after, layer, node)} after`,
    neighboursText(before, after, node),
    ...(features === undefined ? [] : [`Attributes: ${featuresText(features)}`]),
  ];
}

function attentionText({ layers }: AttentionSide, layer: number, node: number): string {
  const value = layers.at(layer - 1)?.attention.at(node);
  return value === undefined ? 'none' : value.toFixed(2);
}

function neighboursText(before: AttentionSide, after: AttentionSide, node: number): string {
  const [left, right] = [before, after].map((side) => listed(side, node));
  return left === right ? `Neighbours: ${left}` : `Neighbours: ${left} before, ${right} after`;
}

function listed({ edges, labels }: AttentionSide, node: number): string {
  const neighbours = edges.flatMap(([u, v]) => (u === node ? [v] : v === node ? [u] : [])).sort((a, b) => a - b);
  if (neighbours.length === 0) return 'none';
  const named = neighbours.slice(0, mostNeighbours).map((other) => {
    const label = labels[other];
    return label === null ? String(other) : `${other} (label ${label})`;
  });
  const more = neighbours.length - named.length;
  return `${neighbours.length}: ${named.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

function featuresText(features: readonly number[]): string {
  const shown = features.slice(0, mostFeatures).map((value) => String(Number(value.toPrecision(4))));
  return shown.join(', ') + (features.length > shown.length ? `, ... (${features.length})` : '');
}
