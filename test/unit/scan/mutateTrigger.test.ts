import assert from 'node:assert/strict';
import fc from 'fast-check';
import { drawTrigger } from '../../../server/src/attack/triggerPrior';
import type { Trigger } from '../../../server/src/attack/trigger';
import { Rng } from '../../../server/src/graph/rng';
import { mutateTrigger } from '../../../server/src/scan/mutateTrigger';

function assertValid(trigger: Trigger, labelColumns: number): void {
  const { nodes, edges, labels } = trigger;
  assert.ok(nodes >= 3 && nodes <= 7);
  assert.ok(edges !== null || labels !== null, 'it changes something');
  const pairs = new Set<string>();
  for (const [u, v] of edges ?? []) {
    assert.ok(u !== v && u >= 0 && v >= 0 && u < nodes && v < nodes);
    pairs.add(`${Math.min(u, v)}-${Math.max(u, v)}`);
  }
  assert.ok(edges === null || (edges.length > 0 && pairs.size === edges.length), 'no edge twice');
  if (labels === null) return;
  assert.equal(labels.length, nodes);
  for (const label of labels) assert.ok(Number.isInteger(label) && label >= 0 && label < labelColumns);
}

describe('mutateTrigger', () => {
  it('keeps triggers small and valid through many changes', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 0, max: 5 }), (seed, labelColumns) => {
        const rng = new Rng(seed);
        const marginal = new Float64Array(labelColumns).fill(1 / labelColumns);
        let trigger = drawTrigger(rng, marginal);
        for (let i = 0; i < 40; i++) {
          trigger = mutateTrigger(trigger, marginal, rng);
          assertValid(trigger, labelColumns);
        }
      }),
      { seed: 7, numRuns: 150 },
    );
  });

  it('gives the same mutant for the same seed and does not change its input', () => {
    const trigger: Trigger = { nodes: 4, edges: [[0, 1]], labels: [0, 1, 0, 1], placement: 'degree', replace: true };
    const copy = structuredClone(trigger);
    const marginal = Float64Array.of(0.5, 0.5);
    const mutants = [1, 1].map((seed) => mutateTrigger(trigger, marginal, new Rng(seed)));
    assert.deepEqual(mutants[0], mutants[1]);
    assert.deepEqual(trigger, copy);
  });
});
