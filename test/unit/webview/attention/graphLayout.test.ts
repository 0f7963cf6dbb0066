import assert from 'node:assert/strict';
import { graphLayout, unionOfEdges } from '../../../../webview/attention/graphLayout';

const ring = Array.from({ length: 12 }, (_, node): [number, number] => [node, (node + 1) % 12]);

describe('graphLayout', () => {
  it('comes out the same every time, with room between all nodes', () => {
    const { points, box } = graphLayout(12, ring);
    assert.deepEqual(graphLayout(12, ring), { points, box });
    points.forEach(({ x, y }, node) => {
      assert.ok(x > box.x && x < box.x + box.width && y > box.y && y < box.y + box.height, 'inside of the box');
      for (const other of points.slice(0, node)) assert.ok(Math.hypot(x - other.x, y - other.y) > 34, 'none overlap');
    });
  });

  it('puts neighbours near each other', () => {
    const { points } = graphLayout(12, ring);
    const distance = (a: number, b: number): number => Math.hypot(points[a].x - points[b].x, points[a].y - points[b].y);
    assert.ok(distance(0, 1) < distance(0, 6) / 2);
  });

  it('has a box for graphs without edges, of one node, and of none', () => {
    for (const nodes of [0, 1, 5]) {
      const { points, box } = graphLayout(nodes, []);
      assert.equal(points.length, nodes);
      assert.ok([box.x, box.y, box.width, box.height].every(Number.isFinite) && box.width > 0 && box.height > 0);
    }
  });
});

describe('unionOfEdges', () => {
  it('has each edge once, whichever way round', () => {
    assert.deepEqual(
      unionOfEdges(
        [[0, 1]],
        [
          [1, 0],
          [1, 2],
        ],
      ).map((edge) => [...edge].sort()),
      [
        [0, 1],
        [1, 2],
      ],
    );
  });
});
