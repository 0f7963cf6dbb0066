/** Where to draw the nodes of a trigger. Pure. */

type Edge = readonly [number, number];

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Up to this many nodes every order is tried: 7! is 5040. */
const exhaustiveNodes = 7;

/**
 * Places nodes on a circle around the origin, in the order around it that makes the edges shortest: rings and paths come
 * out without crossings.
 * @param nodes number of nodes, at least 1
 * @param radius of the circle; a single node stands at the origin
 */
export function triggerLayout(nodes: number, edges: readonly Edge[], radius: number): Point[] {
  if (nodes === 1) return [{ x: 0, y: 0 }];
  const order = nodes <= exhaustiveNodes ? shortestOrder(nodes, edges) : identity(nodes);
  const points: Point[] = [];
  order.forEach((node, place) => {
    // Two nodes lie side by side; more begin at the top.
    const angle = (place / nodes) * 2 * Math.PI - (nodes === 2 ? Math.PI : Math.PI / 2);
    points[node] = { x: radius * Math.cos(angle), y: radius * Math.sin(angle) };
  });
  return points;
}

function shortestOrder(nodes: number, edges: readonly Edge[]): number[] {
  let best = identity(nodes);
  let bestLength = edgeLength(best, edges);
  // Node 0 may stay in place: turning the circle changes nothing.
  for (const rest of permutations(best.slice(1))) {
    const order = [0, ...rest];
    const length = edgeLength(order, edges);
    if (length < bestLength - 1e-9) {
      best = order;
      bestLength = length;
    }
  }
  return best;
}

function edgeLength(order: readonly number[], edges: readonly Edge[]): number {
  const place: number[] = [];
  order.forEach((node, index) => (place[node] = index));
  return edges.reduce(
    (sum, [from, to]) => sum + Math.abs(Math.sin(((place[from] - place[to]) / order.length) * Math.PI)),
    0,
  );
}

function* permutations(items: readonly number[]): Generator<number[]> {
  if (items.length === 0) yield [];
  for (const [index, item] of items.entries()) {
    for (const rest of permutations([...items.slice(0, index), ...items.slice(index + 1)])) yield [item, ...rest];
  }
}

function identity(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}
