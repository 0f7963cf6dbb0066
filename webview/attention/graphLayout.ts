import {
  forceCollide,
  forceLink,
  forceManyBody,
  forceSimulation,
  forceX,
  forceY,
  type SimulationNodeDatum,
} from 'd3-force';

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Where the nodes of a graph are drawn. */
export interface GraphLayout {
  readonly points: readonly Point[];
  /** The part of the plane that shows all of them. */
  readonly box: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
}

type Edge = readonly [number, number];

/** Room around the outermost nodes: a node with all attention, and its ring. */
const margin = 24;
/** Smaller graphs are not blown up beyond this. */
const smallest = { width: 300, height: 240 };
const steps = { most: 300, fewest: 30, nodes: 90_000 };

/**
 * Lays a graph out by forces, run to their end: edges pull their ends together, nodes push each other away. The same
 * graph comes out the same, as nodes start in a spiral in the order of their ids.
 *
 * @param nodes number of nodes
 */
export function graphLayout(nodes: number, edges: readonly Edge[]): GraphLayout {
  const points: SimulationNodeDatum[] = Array.from({ length: nodes }, () => ({}));
  const links = edges.map(([source, target]) => ({ source, target }));
  forceSimulation(points)
    .force('edges', forceLink(links).distance(44).strength(0.7))
    .force('distance', forceManyBody().strength(-130).distanceMax(400))
    .force('overlap', forceCollide(21))
    .force('x', forceX().strength(0.05))
    .force('y', forceY().strength(0.08))
    .stop()
    .tick(Math.max(steps.fewest, Math.min(steps.most, Math.floor(steps.nodes / Math.max(1, nodes)))));
  const placed = points.map(({ x = 0, y = 0 }) => ({ x: rounded(x), y: rounded(y) }));
  return { points: placed, box: boxAround(placed) };
}

function boxAround(points: readonly Point[]): GraphLayout['box'] {
  const range = (values: readonly number[], least: number): [start: number, size: number] => {
    const low = values.reduce((a, b) => Math.min(a, b), Infinity);
    const high = values.reduce((a, b) => Math.max(a, b), -Infinity);
    if (low > high) return [-least / 2, least];
    const size = Math.max(least, high - low + 2 * margin);
    return [(low + high - size) / 2, size];
  };
  const [x, width] = range(
    points.map((point) => point.x),
    smallest.width,
  );
  const [y, height] = range(
    points.map((point) => point.y),
    smallest.height,
  );
  return { x, y, width, height };
}

/** The edges of two graphs on the same nodes, each once. */
export function unionOfEdges(a: readonly Edge[], b: readonly Edge[]): Edge[] {
  const all = new Map([...a, ...b].map(([u, v]) => [`${Math.min(u, v)}-${Math.max(u, v)}`, [u, v] as const]));
  return [...all.values()];
}

function rounded(value: number): number {
  return Math.round(100 * value) / 100;
}
