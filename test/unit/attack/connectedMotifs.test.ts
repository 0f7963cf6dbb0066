import assert from 'node:assert/strict';
import { MotifCodes } from '../../../server/src/attack/connectedMotifs';

describe('MotifCodes', () => {
  it('knows how many connected graphs there are', () => {
    // OEIS A001349.
    assert.deepEqual(
      [2, 3, 4, 5].map((nodes) => new MotifCodes(nodes).connected().length),
      [1, 2, 6, 21],
    );
  });

  it('gives the same code to the same shape, and another to another', () => {
    const codes = new MotifCodes(4);
    const code = (...edges: [number, number][]): number =>
      codes.of(edges.reduce((mask, [i, j]) => mask | codes.edge(i, j), 0));
    const path = code([0, 1], [1, 2], [2, 3]);
    assert.equal(code([3, 0], [0, 2], [2, 1]), path);
    assert.notEqual(code([0, 1], [0, 2], [0, 3]), path);
    assert.equal(code([1, 0], [1, 2], [1, 3]), code([3, 0], [3, 1], [3, 2]));
  });

  it('numbers the nodes of a motif by descending degree', () => {
    const codes = new MotifCodes(5);
    for (const code of codes.connected()) {
      const edges = codes.edgesOf(code);
      assert.equal(codes.of(edges.reduce((mask, [i, j]) => mask | codes.edge(i, j), 0)), code);
      const degrees = [0, 1, 2, 3, 4].map((node) => edges.filter((edge) => edge.includes(node)).length);
      assert.deepEqual(
        degrees,
        [...degrees].sort((a, b) => b - a),
      );
    }
  });
});
