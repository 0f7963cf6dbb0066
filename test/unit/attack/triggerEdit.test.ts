import assert from 'node:assert/strict';
import fc from 'fast-check';
import { injectTrigger } from '../../../server/src/attack/inject';
import { cliqueEdges, pathEdges } from '../../../server/src/attack/motifs';
import { placements, type Trigger } from '../../../server/src/attack/trigger';
import { triggerEdit } from '../../../server/src/attack/triggerEdit';
import { Rng } from '../../../server/src/graph/rng';
import { arbitraryGraph, edgePairs, graphOf } from '../../support/graphs';

/** Node 2 is the hub of 0-1, 1-2, 2-3, 2-4: hosts by degree are 2, 1, 0. */
const host = graphOf(5, {
  edges: [
    [0, 1],
    [1, 2],
    [2, 3],
    [2, 4],
  ],
  labels: [0, 1, 2, 3, 4],
});
const path: Trigger = { nodes: 3, edges: pathEdges(3), labels: null, placement: 'degree', replace: true };
const edit = (trigger: Trigger, graph = host): ReturnType<typeof triggerEdit> =>
  triggerEdit(graph, trigger, new Rng(0));

describe('triggerEdit', () => {
  it('names no edge that the host has and keeps', () => {
    const kept = edit(path);
    assert.equal(kept.removedEdges.length + kept.addedEdges.length + kept.nodes.length, 0);
    const clique = edit({ ...path, edges: cliqueEdges(3) });
    assert.deepEqual([...clique.addedEdges], [0, 2]);
    assert.equal(clique.removedEdges.length, 0);
  });

  it('removes induced edges that are not of the trigger, unless it only adds', () => {
    const ends: Trigger = { ...path, edges: [[0, 2]] };
    assert.deepEqual(edgePairs({ edges: edit(ends).removedEdges }), [
      [0, 1],
      [1, 2],
    ]);
    assert.equal(edit({ ...ends, replace: false }).removedEdges.length, 0);
  });

  it('hangs new nodes on one host node', () => {
    const appended = edit({ ...path, attach: 'new-nodes' });
    assert.equal(appended.appended, 3);
    assert.deepEqual([...appended.nodes], [5, 6, 7]);
    assert.deepEqual([...appended.nodeLabels], [2, 2, 2]);
    assert.deepEqual(edgePairs({ edges: appended.addedEdges }), [
      [2, 5],
      [5, 6],
      [6, 7],
    ]);
  });

  it('changes nothing of a graph without nodes', () => {
    assert.equal(edit(path, graphOf(0)).addedEdges.length, 0);
  });

  it('names nodes only where it gives them features, and edges once', () => {
    const arbitraryTrigger = fc.integer({ min: 1, max: 6 }).chain((nodes) =>
      fc.record({
        nodes: fc.constant(nodes),
        edges: fc.option(fc.constantFrom(cliqueEdges(nodes), pathEdges(nodes))),
        labels: fc.option(fc.array(fc.nat(4), { minLength: nodes, maxLength: nodes })),
        placement: fc.constantFrom(...placements),
        replace: fc.boolean(),
        attach: fc.option(fc.constant('new-nodes' as const), { nil: undefined }),
      }),
    );
    fc.assert(
      fc.property(arbitraryGraph, arbitraryTrigger, fc.nat(), (graph, trigger, seed) => {
        const { nodes, nodeLabels, addedEdges, removedEdges } = triggerEdit(graph, trigger, new Rng(seed));
        assert.ok(nodeLabels.length === 0 || nodeLabels.length === nodes.length);
        const before = new Set(edgePairs(graph).map(String));
        const after = new Set(edgePairs(injectTrigger(graph, trigger, new Rng(seed))).map(String));
        for (const edge of edgePairs({ edges: addedEdges }))
          assert.ok(!before.has(String(edge)) && after.has(String(edge)));
        for (const edge of edgePairs({ edges: removedEdges }))
          assert.ok(before.has(String(edge)) && !after.has(String(edge)));
        assert.equal(after.size, before.size + (addedEdges.length - removedEdges.length) / 2);
      }),
      { seed: 4, numRuns: 300 },
    );
  });
});
