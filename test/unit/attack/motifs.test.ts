import assert from 'node:assert/strict';
import {
  cliqueEdges,
  erdosRenyiEdges,
  pathEdges,
  randomEdges,
  ringEdges,
  starEdges,
} from '../../../server/src/attack/motifs';
import { Rng } from '../../../server/src/graph/rng';

describe('motifs', () => {
  it('have the edges of their names', () => {
    assert.deepEqual(cliqueEdges(3), [
      [0, 1],
      [0, 2],
      [1, 2],
    ]);
    assert.deepEqual(ringEdges(3), [
      [0, 1],
      [1, 2],
      [2, 0],
    ]);
    assert.deepEqual(starEdges(3), [
      [0, 1],
      [0, 2],
    ]);
    assert.deepEqual(pathEdges(3), [
      [0, 1],
      [1, 2],
    ]);
  });

  it('draw random edges of the wanted density, never too few to connect', () => {
    const rng = new Rng(1);
    let edges = 0;
    for (let i = 0; i < 500; i++) {
      const drawn = erdosRenyiEdges(7, 0.8, rng);
      assert.ok(drawn.length >= 6);
      edges += drawn.length;
    }
    assert.ok(Math.abs(edges / 500 / 21 - 0.8) < 0.02);
    assert.ok(erdosRenyiEdges(5, 0.1, rng).length >= 4);
  });

  it('draw a given number of edges', () => {
    const rng = new Rng(1);
    const counts = new Map<string, number>();
    for (let i = 0; i < 600; i++) {
      const drawn = randomEdges(4, 2, rng);
      assert.equal(new Set(drawn.map(String)).size, 2);
      for (const edge of drawn) counts.set(String(edge), (counts.get(String(edge)) ?? 0) + 1);
    }
    assert.equal(counts.size, 6);
    for (const count of counts.values()) assert.ok(count > 150 && count < 250, `${count} of about 200`);
    assert.equal(randomEdges(4, 6, rng).length, 6);
  });

  it('refuse a density that can never connect', () => {
    assert.throws(() => erdosRenyiEdges(4, 0, new Rng(0)), RangeError);
    assert.throws(() => erdosRenyiEdges(4, NaN, new Rng(0)), RangeError);
  });
});
