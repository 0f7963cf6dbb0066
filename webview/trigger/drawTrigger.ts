import { plural } from '../../protocol/numberText';
import type { TriggerSummary } from '../../protocol/reports';
import { svg } from '../dom';
import { triggerLayout, type Point } from './layout';

const half = { width: 130, height: 110 };
const radius = 62;
const nodeRadius = 15;

/** The trigger as a small graph: its nodes with their feature columns, its edges, and how it hangs on the host graph. */
export function drawTrigger(trigger: TriggerSummary): SVGElement {
  const points = triggerLayout(trigger.nodes, trigger.edges ?? [], radius);
  return svg(
    'svg',
    {
      class: 'trigger',
      viewBox: `${-half.width} ${-half.height} ${2 * half.width} ${2 * half.height}`,
      role: 'img',
      'aria-label': describe(trigger),
    },
    ...hostLinks(trigger, points),
    ...(trigger.edges ?? []).flatMap(([from, to]) => edge(points[from], points[to])),
    ...points.flatMap((point, node) => drawNode(point, node, trigger)),
  );
}

function describe({ nodes, edges, labels }: TriggerSummary): string {
  const list = edges?.map(([from, to]) => `${from}-${to}`).join(', ');
  return [
    `Trigger of ${plural(nodes, 'node')}`,
    edges === null ? 'with the edges of the host graph' : list === '' ? 'without edges' : `with the edges ${list}`,
    ...(labels === null ? [] : [`and the feature columns ${labels.join(', ')}`]),
  ].join(' ');
}

function edge(from: Point | undefined, to: Point | undefined): SVGElement[] {
  if (from === undefined || to === undefined) return [];
  return [svg('line', { class: 'trigger-edge', x1: from.x, y1: from.y, x2: to.x, y2: to.y })];
}

/** Dashed ends that lead to the rest of the host graph: from the one linked node, or from all that lie on host nodes. */
function hostLinks(trigger: TriggerSummary, points: readonly Point[]): SVGElement[] {
  const linked = trigger.attach === 'new-nodes' ? points.slice(0, 1) : points;
  return linked.map(({ x, y }, node) => {
    const [dx, dy] = away(points, node);
    return svg('line', {
      class: 'host-link',
      x1: x + dx * nodeRadius,
      y1: y + dy * nodeRadius,
      x2: x + dx * (nodeRadius + 24),
      y2: y + dy * (nodeRadius + 24),
    });
  });
}

/** Direction from a node away from the others. */
function away(points: readonly Point[], node: number): readonly [number, number] {
  const [dx, dy] = points.reduce(
    ([sumX, sumY], { x, y }) => [sumX + points[node].x - x, sumY + points[node].y - y],
    [0, 0],
  );
  const length = Math.hypot(dx, dy);
  // One in the midst of the others has no such direction.
  return length < 1 ? [0, -1] : [dx / length, dy / length];
}

function drawNode({ x, y }: Point, node: number, { labels, edges }: TriggerSummary): SVGElement[] {
  const label = labels?.[node];
  const text = label === undefined ? '' : String(label);
  return [
    svg('circle', { class: edges === null ? 'trigger-node kept' : 'trigger-node', cx: x, cy: y, r: nodeRadius }),
    svg('text', { class: 'trigger-label', x, y, 'text-anchor': 'middle', 'dominant-baseline': 'central' }, text),
  ];
}
