import type { AttentionSide } from '../../protocol/attention';
import { svg } from '../dom';
import type { GraphLayout, Point } from './graphLayout';
import { nodeName, shadeOf } from './nodeText';

const radius = { none: 4, least: 5, most: 17 };
/** From this size on there is room for the number. */
const roomForNumber = 10;

interface SideActions {
  /** A node is looked at, or none any more. */
  readonly look: (node: number | undefined) => void;
}

/**
 * One side of a comparison: the graph, nodes sized and shaded by their attention, those of the trigger ringed. Exactly one
 * node can be reached by Tab; from there arrow keys go from node to node.
 *
 * @param layer counted from 1
 * @param reachable the node that Tab reaches
 */
export function drawSide(
  side: AttentionSide,
  layer: number,
  { points, box }: GraphLayout,
  name: string,
  reachable: number,
  { look }: SideActions,
): SVGElement {
  const attention = side.layers[layer - 1]?.attention ?? [];
  const carriers = new Set(side.triggerNodes);
  const nodes = side.labels.map((_, node) =>
    drawNode(node, points[node], attention[node] ?? 0, carriers.has(node), nodeName(side, layer, node)),
  );
  const first = Math.min(reachable, nodes.length - 1);
  nodes[first]?.setAttribute('tabindex', '0');
  const drawing = svg(
    'svg',
    { class: 'graph', viewBox: [box.x, box.y, box.width, box.height].join(' '), role: 'group', 'aria-label': name },
    svg('g', { class: 'edges' }, ...side.edges.map((edge) => drawEdge(edge, points))),
    // The strongest are drawn last, and so lie on top.
    ...[...nodes.keys()].sort((a, b) => (attention[a] ?? 0) - (attention[b] ?? 0)).map((node) => nodes[node]),
  );
  nodes.forEach((element, node) => {
    element.addEventListener('pointerenter', () => look(node));
    element.addEventListener('pointerleave', () => look(undefined));
    element.addEventListener('focus', () => {
      for (const other of nodes) other.setAttribute('tabindex', other === element ? '0' : '-1');
      look(node);
    });
    element.addEventListener('blur', () => look(undefined));
    element.addEventListener('keydown', (event) => {
      const next = nextNode(event.key, node, nodes.length);
      if (next === undefined) return;
      event.preventDefault();
      nodes[next]?.focus();
    });
  });
  return drawing;
}

function drawNode(
  node: number,
  point: Point | undefined,
  attention: number,
  carries: boolean,
  name: string,
): SVGElement {
  const shade = shadeOf(attention);
  const r = shade === 0 ? radius.none : radius.least + (radius.most - radius.least) * Math.sqrt(Math.min(1, attention));
  return svg(
    'g',
    {
      class: `node shade-${shade}${carries ? ' trigger' : ''}`,
      transform: `translate(${point?.x ?? 0} ${point?.y ?? 0})`,
      role: 'img',
      'aria-label': name,
      tabindex: -1,
      'data-node': node,
    },
    carries ? svg('circle', { class: 'ring', r: r + 4 }) : undefined,
    svg('circle', { class: 'dot', r }),
    r >= roomForNumber ? svg('text', { class: 'value' }, shortNumber(attention)) : undefined,
  );
}

function drawEdge([from, to]: readonly [number, number], points: readonly Point[]): SVGElement {
  const [a, b] = [points[from], points[to]];
  return svg('line', { x1: a?.x, y1: a?.y, x2: b?.x, y2: b?.y, 'data-ends': ` ${from} ${to} ` });
}

/** `.41`: shorter than `0.41`, and as clear. */
function shortNumber(attention: number): string {
  return attention.toFixed(2).replace(/^0/, '');
}

function nextNode(key: string, node: number, count: number): number | undefined {
  switch (key) {
    case 'ArrowRight':
    case 'ArrowDown':
      return (node + 1) % count;
    case 'ArrowLeft':
    case 'ArrowUp':
      return (node + count - 1) % count;
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return undefined;
  }
}
