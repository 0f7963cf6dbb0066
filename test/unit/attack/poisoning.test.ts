import assert from 'node:assert/strict';
import { cliqueEdges } from '../../../server/src/attack/motifs';
import { canBeAttacked, poisonTrainingSet } from '../../../server/src/attack/poisoning';
import type { Trigger } from '../../../server/src/attack/trigger';
import type { Graph } from '../../../server/src/graph/graph';
import { Rng } from '../../../server/src/graph/rng';
import { edgePairs, graphOf } from '../../support/graphs';

const path = (nodes: number, classLabel: number): Graph =>
  graphOf(nodes, { edges: Array.from({ length: nodes - 1 }, (_, i) => [i, i + 1] as const), classLabel });
const training = Array.from({ length: 100 }, (_, i) => path(i % 5 === 4 ? 4 : 9, i % 2));
const trigger: Trigger = { nodes: 4, edges: cliqueEdges(4), labels: null, placement: 'random', replace: true };

describe('poisonTrainingSet', () => {
  it('poisons the wanted share of the training set, from other classes, larger than the trigger', () => {
    const { graphs, poisoned } = poisonTrainingSet(training, { trigger, target: 1, rate: 0.1 }, new Rng(1));
    assert.equal(poisoned.length, 10);
    assert.deepEqual(
      poisoned,
      [...poisoned].sort((a, b) => a - b),
    );
    graphs.forEach((graph, id) => {
      if (!poisoned.includes(id)) return assert.equal(graph, training[id]);
      assert.ok(canBeAttacked(training[id], trigger, 1));
      assert.equal(graph.classLabel, 1);
      assert.notDeepEqual(edgePairs(graph), edgePairs(training[id]));
    });
  });

  it('takes all that can be poisoned where there are not enough', () => {
    assert.equal(poisonTrainingSet(training, { trigger, target: 1, rate: 1 }, new Rng(1)).poisoned.length, 40);
  });

  it('repeats itself for the same seed', () => {
    const run = (seed: number): unknown =>
      poisonTrainingSet(training, { trigger, target: 0, rate: 0.1 }, new Rng(seed));
    assert.deepEqual(run(2), run(2));
    assert.notDeepEqual(run(2), run(3));
  });

  it('refuses what poisons nothing', () => {
    assert.throws(() => poisonTrainingSet(training, { trigger, target: 0, rate: 0 }, new Rng(0)), RangeError);
    assert.throws(() => poisonTrainingSet(training, { trigger, target: 0, rate: 1.1 }, new Rng(0)), RangeError);
    assert.throws(() => poisonTrainingSet(training, { trigger, target: 0, rate: 0.001 }, new Rng(0)), RangeError);
    assert.throws(() => poisonTrainingSet([path(3, 0)], { trigger, target: 1, rate: 1 }, new Rng(0)), RangeError);
  });
});
