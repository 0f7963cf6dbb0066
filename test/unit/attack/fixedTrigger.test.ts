import assert from 'node:assert/strict';
import { resolveAttackOptions } from '../../../server/src/attack/attackOptions';
import { fixedTrigger } from '../../../server/src/attack/fixedTrigger';
import { cliqueEdges } from '../../../server/src/attack/motifs';
import { Rng } from '../../../server/src/graph/rng';
import { attackData } from '../../support/attacks';
import { graphOf } from '../../support/graphs';

const { train, layout } = attackData(60);
const make = (
  kind: Parameters<typeof fixedTrigger>[0]['kind'],
  options: { triggerNodes?: number; density?: number } = {},
  seed = 1,
): ReturnType<typeof fixedTrigger> =>
  fixedTrigger(resolveAttackOptions({ kind, target: 0, ...options }), train, layout, new Rng(seed));

describe('fixedTrigger', () => {
  it('makes random subgraphs of the wanted density, enough edges to hang together', () => {
    for (const kind of ['subgraph', 'clean-label'] as const) {
      const { labels, placement, replace, edges } = make(kind, { triggerNodes: 6 });
      assert.deepEqual([labels, placement, replace, edges?.length], [null, 'random', true, 12]);
      assert.equal(make(kind, { triggerNodes: 6, density: 1 }).edges?.length, 15);
      assert.equal(make(kind, { triggerNodes: 6, density: 0.01 }).edges?.length, 5);
      assert.deepEqual(make(kind), make(kind));
      assert.notDeepEqual(make(kind, { triggerNodes: 8 }), make(kind, { triggerNodes: 8 }, 2));
    }
  });

  it('makes cliques at hubs, and of new nodes', () => {
    const topology = make('topology');
    assert.deepEqual([topology.edges, topology.labels, topology.placement], [cliqueEdges(5), null, 'degree']);
    const appended = make('new-nodes');
    assert.deepEqual([appended.edges, appended.attach, appended.labels?.length], [cliqueEdges(4), 'new-nodes', 4]);
  });

  it('marks nodes by labels, or by attributes where there are no labels', () => {
    const feature = make('feature');
    assert.deepEqual([feature.edges, feature.replace, feature.labels?.length], [null, false, 5]);
    const graphs = [graphOf(2, { attributes: [1, -5, 3, -9] }), graphOf(1, { attributes: [2, -7] })];
    const attributes = { kind: 'attributes', width: 2, attributeWidth: 2, labelColumns: 0 } as const;
    const options = resolveAttackOptions({ kind: 'feature', target: 0, triggerNodes: 2 });
    const trigger = fixedTrigger(options, graphs, attributes, new Rng(1));
    assert.deepEqual([trigger.labels, trigger.attributes], [null, [[3, -5], [3, -5]]]); // prettier-ignore
  });
});
