import { forceCenter, forceLink, forceManyBody, forceSimulation, type SimulationNodeDatum } from 'd3-force';

type Edge = readonly [number, number];

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Steps after which nothing moves any more: the cooling of d3-force takes 300. */
const steps = 300;

/**
 * Places nodes by forces: edges pull, nodes push each other away. The picture of a trigger is the same every time: nodes
 * begin on a circle, in the order in which a walk along the edges meets them, so that rings and paths have no crossings.
 *
 * @param nodes number of nodes, at least 1
 * @param radius the drawing fits into a circle of this radius around the origin; a single node stands there
 */
export function triggerLayout(nodes: number, edges: readonly Edge[], radius: number): Point[] {
  if (nodes === 1) return [{ x: 0, y: 0 }];
  const bodies = Array.from({ length: nodes }, (): SimulationNodeDatum => ({}));
  walk(nodes, edges).forEach((node, place) => {
    // Two nodes lie side by side; more begin at the top.
    const angle = (place / nodes) * 2 * Math.PI - (nodes === 2 ? Math.PI : Math.PI / 2);
    Object.assign(bodies[node], { x: radius * Math.cos(angle), y: radius * Math.sin(angle) });
  });
  const links = edges.map(([source, target]) => ({ source, target }));
  forceSimulation(bodies)
    .force('link', forceLink(links).distance(radius).strength(0.6))
    .force('charge', forceManyBody().strength(-8 * radius))
    .force('center', forceCenter())
    .stop()
    .tick(steps);
  return fitted(level(bodies.map(({ x = 0, y = 0 }) => ({ x, y }))), radius);
}

/** All nodes, in the order of a depth-first walk along the edges that begins where the fewest meet. */
function walk(nodes: number, edges: readonly Edge[]): number[] {
  const neighbours = Array.from({ length: nodes }, (): number[] => []);
  for (const [from, to] of edges) {
    neighbours[from]?.push(to);
    neighbours[to]?.push(from);
  }
  const byDegree = [...neighbours.keys()].sort((a, b) => neighbours[a].length - neighbours[b].length || a - b);
  const met = new Set<number>();
  const visit = (node: number): void => {
    if (met.has(node)) return;
    met.add(node);
    neighbours[node].forEach(visit);
  };
  byDegree.forEach(visit);
  return [...met];
}

/** Turned so that the two nodes farthest apart lie at one height. */
function level(points: readonly Point[]): Point[] {
  let [longest, angle] = [0, 0];
  points.forEach((a, i) => {
    for (const b of points.slice(i + 1)) {
      const length = Math.hypot(b.x - a.x, b.y - a.y);
      // Of pairs as far apart, the first.
      if (length > longest * 1.001) [longest, angle] = [length, Math.atan2(b.y - a.y, b.x - a.x)];
    }
  });
  const [cos, sin] = [Math.cos(-angle), Math.sin(-angle)];
  return points.map(({ x, y }) => ({ x: x * cos - y * sin, y: x * sin + y * cos }));
}

/** Moved and scaled so that the outermost node lies on the circle. */
function fitted(points: readonly Point[], radius: number): Point[] {
  const middle = (values: readonly number[]): number => (Math.min(...values) + Math.max(...values)) / 2;
  const [cx, cy] = [middle(points.map(({ x }) => x)), middle(points.map(({ y }) => y))];
  const reach = Math.max(...points.map(({ x, y }) => Math.hypot(x - cx, y - cy))) || 1;
  return points.map(({ x, y }) => ({ x: ((x - cx) / reach) * radius, y: ((y - cy) / reach) * radius }));
}
