import assert from 'node:assert/strict';
import fc from 'fast-check';
import { injectTrigger } from '../../../server/src/attack/inject';
import { cliqueEdges, starEdges } from '../../../server/src/attack/motifs';
import { placements, type Trigger } from '../../../server/src/attack/trigger';
import { Rng } from '../../../server/src/graph/rng';
import { arbitraryGraph, edgePairs, graphFault, graphOf } from '../../support/graphs';

/** Ring 0-1-2-3-4-0 with the chord 0-2: node 0 and 2 have degree 3. */
const host = graphOf(5, {
  edges: [
    [0, 1],
    [1, 2],
    [2, 3],
    [3, 4],
    [0, 4],
    [0, 2],
  ],
  labels: [0, 1, 2, 3, 4],
  attributes: [0, 10, 20, 30, 40],
  classLabel: 1,
});
const star: Trigger = { nodes: 3, edges: starEdges(3), labels: null, placement: 'degree', replace: true };
const inject = (trigger: Trigger, seed = 0): ReturnType<typeof injectTrigger> =>
  injectTrigger(host, trigger, new Rng(seed));

describe('injectTrigger', () => {
  it('puts trigger edges in place of the induced edges', () => {
    // Hosts by degree are 0, 2, 1, with 0-1, 0-2 and 1-2 between them.
    assert.deepEqual(edgePairs(inject(star)), [
      [0, 1],
      [0, 2],
      [0, 4],
      [2, 3],
      [3, 4],
    ]);
  });

  it('adds trigger edges to the induced ones', () => {
    const added = inject({ ...star, placement: 'low-degree', replace: false });
    // Hosts by lowest degree are 1, 3, 4.
    assert.deepEqual(edgePairs(added), [
      [0, 1],
      [0, 2],
      [0, 4],
      [1, 2],
      [1, 3],
      [1, 4],
      [2, 3],
      [3, 4],
    ]);
  });

  it('sets labels and attributes of the chosen nodes alone', () => {
    const labelled = inject({ ...star, edges: null, labels: [7, 8, 9], attributes: [[1], [2], [3]] });
    assert.deepEqual([...labelled.nodeLabels], [7, 9, 8, 3, 4]);
    assert.deepEqual([...labelled.attributes], [1, 3, 2, 30, 40]);
    assert.deepEqual(labelled.edges, host.edges);
    assert.equal(labelled.classLabel, 1);
  });

  it('appends new nodes that hang on one host node by one edge', () => {
    const appended = inject({ ...star, attach: 'new-nodes', labels: [7, 8, 9] });
    assert.equal(appended.nodeCount, 8);
    assert.deepEqual(
      edgePairs(appended).filter(([, v]) => v >= 5),
      [
        [0, 5],
        [5, 6],
        [5, 7],
      ],
    );
    assert.deepEqual(
      edgePairs(appended).filter(([, v]) => v < 5),
      edgePairs(host),
    );
    assert.deepEqual([...appended.nodeLabels], [0, 1, 2, 3, 4, 7, 8, 9]);
    assert.deepEqual([...appended.attributes], [0, 10, 20, 30, 40, 0, 0, 0]);
  });

  it('gives new nodes the label and attributes of the node they hang on where the trigger has none', () => {
    const appended = inject({ ...star, placement: 'low-degree', attach: 'new-nodes' });
    assert.deepEqual([...appended.nodeLabels.subarray(5)], [1, 1, 1]);
    assert.deepEqual([...appended.attributes.subarray(5)], [10, 10, 10]);
  });

  it('uses the first trigger nodes where the host is smaller', () => {
    const small = graphOf(2, { labels: [0, 0] });
    const clique: Trigger = { ...star, nodes: 4, edges: cliqueEdges(4), labels: [1, 2, 3, 4] };
    const triggered = injectTrigger(small, clique, new Rng(0));
    assert.deepEqual(edgePairs(triggered), [[0, 1]]);
    assert.deepEqual([...triggered.nodeLabels], [1, 2]);
  });

  it('refuses labels or attributes that the features do not hold', () => {
    const bare = graphOf(4);
    assert.throws(() => injectTrigger(bare, { ...star, labels: [0, 0, 0] }, new Rng(0)), RangeError);
    assert.throws(
      () =>
        inject({
          ...star,
          attributes: [
            [1, 2],
            [1, 2],
            [1, 2],
          ],
        }),
      RangeError,
    );
  });

  it('gives valid graphs, never changes the host, and repeats itself', () => {
    const trigger = fc.integer({ min: 1, max: 7 }).chain((nodes) =>
      fc.record({
        nodes: fc.constant(nodes),
        edges: fc.option(fc.constant(cliqueEdges(nodes))),
        labels: fc.option(fc.array(fc.nat(4), { minLength: nodes, maxLength: nodes })),
        placement: fc.constantFrom(...placements),
        replace: fc.boolean(),
        attach: fc.option(fc.constant('new-nodes' as const), { nil: undefined }),
      }),
    );
    fc.assert(
      fc.property(arbitraryGraph, trigger, fc.nat(), (graph, drawn, seed) => {
        const before = structuredClone(graph);
        const triggered = injectTrigger(graph, drawn, new Rng(seed));
        assert.deepEqual(graph, before);
        assert.equal(graphFault(triggered), undefined);
        assert.equal(triggered.nodeCount, graph.nodeCount + (drawn.attach ? drawn.nodes : 0));
        assert.deepEqual(injectTrigger(graph, drawn, new Rng(seed)), triggered);
        if (!drawn.replace || drawn.edges === null || drawn.attach) {
          const after = new Set(edgePairs(triggered).map(String));
          assert.ok(edgePairs(graph).every((edge) => after.has(String(edge))));
        }
      }),
      { seed: 9, numRuns: 500 },
    );
  });
});
