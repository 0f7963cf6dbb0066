import assert from 'node:assert/strict';
import fc from 'fast-check';
import { injectTrigger } from '../../../server/src/attack/inject';
import { changedNodes, nodesOfTrigger } from '../../../server/src/attack/touchedNodes';
import { placements, type Trigger } from '../../../server/src/attack/trigger';
import { Rng } from '../../../server/src/graph/rng';
import { arbitraryGraph, graphOf } from '../../support/graphs';

const ring = [
  [0, 1],
  [1, 2],
  [0, 2],
] as const;

describe('the nodes of a trigger', () => {
  it('hold all that it changes where it is laid over a host', () => {
    fc.assert(
      fc.property(
        arbitraryGraph,
        fc.constantFrom(...placements),
        fc.nat(),
        fc.boolean(),
        (host, placement, seed, replace) => {
          const trigger: Trigger = { nodes: 3, edges: ring, labels: [1, 2, 3], placement, replace };
          const nodes = nodesOfTrigger(host, trigger, new Rng(seed));
          const changed = changedNodes(host, injectTrigger(host, trigger, new Rng(seed)));
          assert.equal(nodes.length, Math.min(3, host.nodeCount));
          assert.deepEqual(
            changed.filter((node) => !nodes.includes(node)),
            [],
          );
        },
      ),
    );
  });

  it('are those that it appends, and not the one they hang on', () => {
    const host = graphOf(4, { edges: [[0, 1]], labels: [0, 0, 0, 0] });
    const trigger = {
      nodes: 3,
      edges: ring,
      labels: null,
      placement: 'degree',
      replace: false,
      attach: 'new-nodes',
    } as const;
    assert.deepEqual(nodesOfTrigger(host, trigger, new Rng(0)), [4, 5, 6]);
    assert.deepEqual(changedNodes(host, injectTrigger(host, trigger, new Rng(0))), [4, 5, 6]);
  });

  it('are none in a graph without nodes', () => {
    const trigger = { nodes: 3, edges: ring, labels: null, placement: 'random', replace: true } as const;
    assert.deepEqual(nodesOfTrigger(graphOf(0), trigger, new Rng(0)), []);
  });
});

describe('changed nodes', () => {
  const host = graphOf(4, {
    edges: [
      [0, 1],
      [1, 2],
    ],
    labels: [5, 6, 7, 8],
    attributes: [1, 2, 3, 4],
  });

  it('are those with another label, another attribute, an edge more or an edge less', () => {
    const change = (parts: Parameters<typeof graphOf>[1]): number[] =>
      changedNodes(
        host,
        graphOf(4, {
          edges: [
            [0, 1],
            [1, 2],
          ],
          labels: [5, 6, 7, 8],
          attributes: [1, 2, 3, 4],
          ...parts,
        }),
      );
    assert.deepEqual(change({}), []);
    assert.deepEqual(change({ labels: [5, 6, 7, 9] }), [3]);
    assert.deepEqual(change({ attributes: [1, 0, 3, 4] }), [1]);
    assert.deepEqual(
      change({
        edges: [
          [0, 1],
          [1, 2],
          [2, 3],
        ],
      }),
      [2, 3],
    );
    assert.deepEqual(change({ edges: [[0, 1]] }), [1, 2]);
  });
});
