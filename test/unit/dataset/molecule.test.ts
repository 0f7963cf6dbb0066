import assert from 'node:assert/strict';
import { chain, Molecule, ring, wheel } from '../../../server/src/dataset/molecule';
import { Rng } from '../../../server/src/graph/rng';
import { edgePairs, graphFault } from '../../support/graphs';

describe('groups', () => {
  it('have the bonds of their names', () => {
    assert.deepEqual(chain(3).edges, [
      [0, 1],
      [1, 2],
    ]);
    assert.deepEqual(ring(3).edges, [
      [0, 1],
      [1, 2],
      [0, 2],
    ]);
    assert.deepEqual(wheel(4, 7).labels, [0, 0, 0, 0, 7]);
    assert.equal(wheel(4, 7).edges.filter(([, v]) => v === 4).length, 4);
  });
});

describe('Molecule', () => {
  it('hangs groups on carbons by one bond to their first atom', () => {
    const molecule = new Molecule(chain(1));
    molecule.hang({ labels: [5, 6], edges: [[0, 1]] }, new Rng(0));
    const graph = molecule.shuffled(1, new Rng(3));
    assert.equal(graphFault(graph), undefined);
    assert.equal(graph.classLabel, 1);
    const bonded = edgePairs(graph).map(([u, v]) => [graph.nodeLabels[u], graph.nodeLabels[v]].sort().join('-'));
    assert.deepEqual(bonded.sort(), ['0-5', '5-6']);
  });

  it('gives no carbon more than four bonds', () => {
    const molecule = new Molecule(chain(1));
    const rng = new Rng(0);
    for (let i = 0; i < 4; i++) molecule.hang({ labels: [1], edges: [] }, rng);
    assert.throws(() => molecule.hang({ labels: [1], edges: [] }, rng), RangeError);
  });
});
