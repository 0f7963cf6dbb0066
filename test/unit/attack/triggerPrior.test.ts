import assert from 'node:assert/strict';
import { drawTrigger, labelMarginal, type TriggerPriorOptions } from '../../../server/src/attack/triggerPrior';
import type { Trigger } from '../../../server/src/attack/trigger';
import { Rng } from '../../../server/src/graph/rng';
import { graphOf } from '../../support/graphs';

const marginal = Float64Array.of(0.7, 0.2, 0.06, 0.04);

function draw(count: number, options?: TriggerPriorOptions, labels = marginal): Trigger[] {
  const rng = new Rng(1);
  return Array.from({ length: count }, () => drawTrigger(rng, labels, options));
}

const share = (triggers: readonly Trigger[], holds: (trigger: Trigger) => boolean): number =>
  triggers.filter(holds).length / triggers.length;
const isClique = ({ nodes, edges }: Trigger): boolean => edges?.length === (nodes * (nodes - 1)) / 2;

function assertNear(actual: number, expected: number, what: string): void {
  assert.ok(Math.abs(actual - expected) < 0.02, `${what}: ${actual}, expected ${expected}`);
}

describe('drawTrigger', () => {
  const triggers = draw(8000);

  it('draws sound triggers of three to seven nodes', () => {
    for (const { nodes, edges, labels, attach } of triggers) {
      assert.ok(nodes >= 3 && nodes <= 7);
      for (const [u, v] of edges ?? []) assert.ok(u !== v && Math.min(u, v) >= 0 && Math.max(u, v) < nodes);
      if (labels) assert.ok(labels.length === nodes && labels.every((label) => label >= 0 && label < 4));
      assert.ok(edges !== null || labels !== null, 'it changes nothing');
      assert.equal(attach, undefined);
    }
  });

  it('keeps to the shares of the method', () => {
    for (let nodes = 3; nodes <= 7; nodes++)
      assertNear(
        share(triggers, (t) => t.nodes === nodes),
        0.2,
        `${nodes} nodes`,
      );
    assertNear(
      share(triggers, (t) => t.edges === null),
      0.28,
      'no structure',
    );
    assertNear(
      share(triggers, (t) => t.replace),
      0.8,
      'replace',
    );
    for (const placement of ['random', 'degree', 'bfs', 'low-degree']) {
      assertNear(
        share(triggers, (t) => t.placement === placement),
        0.25,
        placement,
      );
    }
    const large = triggers.filter((t) => t.nodes === 7);
    const structured = large.filter((t) => t.edges !== null);
    assert.ok(Math.abs(share(large, isClique) - 0.2) < 0.05);
    assert.ok(Math.abs(share(large, (t) => t.edges?.length === 7) - 0.08) < 0.04);
    assert.ok(Math.abs(share(structured, (t) => t.labels === null) - 0.45) < 0.05);
    const bare = triggers.filter((t) => t.edges === null);
    const constant = (t: Trigger): boolean => new Set(t.labels).size === 1;
    assert.ok(share(bare, constant) > 0.2 && share(bare, constant) < 0.35);
  });

  it('gives every trigger a structure and no labels where features hold no labels', () => {
    const unlabelled = draw(500, {}, new Float64Array(0));
    assert.ok(unlabelled.every((t) => t.edges !== null && t.labels === null));
  });

  it('appends new nodes as often as asked, always with a structure', () => {
    const appended = draw(4000, { newNodesShare: 0.3 }).filter((t) => t.attach === 'new-nodes');
    assertNear(appended.length / 4000, 0.3, 'new nodes');
    assert.ok(appended.every((t) => t.edges !== null));
  });

  it('prefers rare labels where asked', () => {
    const rarest = (options?: TriggerPriorOptions): number => {
      const labels = draw(4000, options).flatMap((t) => [...(t.labels ?? [])]);
      return labels.filter((label) => label === 3).length / labels.length;
    };
    assert.ok(rarest() < 0.25);
    assert.ok(rarest({ rareLabelShare: 1 }) > 0.45);
  });

  it('repeats itself for the same seed', () => {
    assert.deepEqual(draw(20), draw(20));
  });
});

describe('labelMarginal', () => {
  it('counts labels, with half a node added to each', () => {
    const graphs = [graphOf(3, { labels: [0, 0, 2] }), graphOf(1, { labels: [2] })];
    assert.deepEqual([...labelMarginal(graphs, 4)], [2.5 / 6, 0.5 / 6, 2.5 / 6, 0.5 / 6]);
  });

  it('is empty without labels', () => {
    assert.equal(labelMarginal([graphOf(3)], 0).length, 0);
  });
});
