import assert from 'node:assert/strict';
import { triggerLayout, type Point } from '../../../../webview/trigger/layout';

const ring = (order: readonly number[]): [number, number][] =>
  order.map((node, i) => [node, order[(i + 1) % order.length]]);

const star = (nodes: number): [number, number][] => Array.from({ length: nodes - 1 }, (_, i) => [0, i + 1]);

describe('triggerLayout', () => {
  it('puts a single node in the middle and two side by side', () => {
    assert.deepEqual(triggerLayout(1, [], 10), [{ x: 0, y: 0 }]);
    const [left, right] = triggerLayout(2, [[0, 1]], 10);
    assert.ok(Math.abs(left.x + 10) < 1e-9 && Math.abs(right.x - 10) < 1e-9);
    assert.ok(Math.abs(left.y) < 1e-9 && Math.abs(right.y) < 1e-9);
  });

  it('places all nodes within the circle, apart from each other, and the same every time', () => {
    for (const nodes of [3, 5, 7, 12]) {
      for (const edges of [ring([...Array(nodes).keys()]), star(nodes), []]) {
        const points = triggerLayout(nodes, edges, 50);
        assert.equal(points.length, nodes);
        assert.ok(points.every(({ x, y }) => Math.hypot(x, y) <= 50 + 1e-9));
        const gaps = points.flatMap((a, i) => points.slice(i + 1).map((b) => Math.hypot(a.x - b.x, a.y - b.y)));
        assert.ok(Math.min(...gaps) > 8, `${nodes} nodes, ${edges.length} edges: ${Math.min(...gaps)}`);
        assert.deepEqual(triggerLayout(nodes, edges, 50), points);
      }
    }
  });

  it('draws a ring without crossings, whatever its nodes are called', () => {
    const edges = ring([0, 3, 1, 5, 2, 4]);
    assert.equal(crossings(triggerLayout(6, edges, 50), edges), 0);
  });

  it('draws a path without crossings', () => {
    const edges = ring([2, 0, 4, 1, 3]).slice(0, -1);
    assert.equal(crossings(triggerLayout(5, edges, 50), edges), 0);
  });
});

function crossings(points: readonly Point[], edges: readonly (readonly [number, number])[]): number {
  let count = 0;
  edges.forEach(([a, b], i) => {
    for (const [c, d] of edges.slice(i + 1)) {
      if (new Set([a, b, c, d]).size < 4) continue;
      const crosses =
        side(points[a], points[b], points[c]) !== side(points[a], points[b], points[d]) &&
        side(points[c], points[d], points[a]) !== side(points[c], points[d], points[b]);
      if (crosses) count += 1;
    }
  });
  return count;
}

/** Which side of the line from `a` to `b` the point `p` lies on. */
function side(a: Point, b: Point, p: Point): boolean {
  return (b.x - a.x) * (p.y - a.y) > (b.y - a.y) * (p.x - a.x);
}
