import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs-core';
import { Rng } from '../../../../server/src/graph/rng';
import { SoftTriggers, triggerFamilies, type TriggerFamily } from '../../../../server/src/scan/signals/softTriggers';
import { selectBackend } from '../../../../server/src/tensor/backend';
import { testedBackends } from '../../../support/backends';

const [nodes, labelColumns, starts] = [4, 3, 2];

function triggers(family: TriggerFamily, seed = 1): SoftTriggers {
  return SoftTriggers.random({ family, nodes, labelColumns, starts }, new Rng(seed));
}

for (const backend of testedBackends) {
  describe(`SoftTriggers (${backend})`, () => {
    before(() => selectBackend(backend));

    it('lays probabilities over hosts, each trigger over as many', () => {
      const soft = triggers('both');
      tf.tidy(() => {
        const { adjacency, labels } = soft.laidOver(3, 1);
        assert.deepEqual(adjacency.shape, [6, nodes, nodes]);
        assert.deepEqual(labels?.shape, [6 * nodes, labelColumns]);
        const [first, second, third, fourth] = tf.unstack(adjacency).map((one) => [...one.dataSync<'float32'>()]);
        assert.deepEqual(second, first);
        assert.deepEqual(third, first);
        assert.notDeepEqual(fourth, first);
        for (let i = 0; i < nodes; i++) {
          for (let j = 0; j < nodes; j++) {
            const probability = first[i * nodes + j];
            assert.equal(probability, first[j * nodes + i]);
            assert.ok(i === j ? probability === 0 : probability > 0 && probability < 1);
          }
        }
        for (const sum of tf.sum(labels, 1).dataSync<'float32'>()) assert.ok(Math.abs(sum - 1) < 1e-5);
      });
      soft.dispose();
    });

    it('comes close to the rounded triggers when it is cold', () => {
      const soft = triggers('both');
      const rounded = soft.rounded();
      tf.tidy(() => {
        const { adjacency, labels } = soft.laidOver(1, 1e-3);
        const edges = adjacency.dataSync<'float32'>();
        const ones = labels!.dataSync<'float32'>();
        let count = 0;
        rounded.forEach((trigger, s) => {
          for (const [i, j] of trigger.edges ?? []) assert.ok(edges[(s * nodes + i) * nodes + j] > 0.99);
          trigger.labels?.forEach((label, i) => assert.ok(ones[(s * nodes + i) * labelColumns + label] > 0.99));
          count += trigger.edges?.length ?? 0;
        });
        assert.ok(Math.abs(soft.expectedEdges(1e-3).dataSync()[0] - count / starts) < 0.05);
      });
      soft.dispose();
    });

    it('changes what its family is named for, and nothing else', () => {
      for (const family of triggerFamilies) {
        const soft = triggers(family);
        const [trigger] = soft.rounded();
        assert.equal(trigger.edges === null, family === 'features');
        assert.equal(trigger.labels === null, family === 'structure');
        tf.tidy(() => {
          const { adjacency, labels } = soft.laidOver(1, 1);
          if (family === 'features') assert.ok(adjacency.dataSync<'float32'>().every((value) => value === 0));
          assert.equal(labels === undefined, family === 'structure');
        });
        soft.dispose();
      }
    });

    it('starts the same with the same seed, and leaves no tensor behind', () => {
      const before = tf.memory().numTensors;
      const [first, again, other] = [triggers('both', 1), triggers('both', 1), triggers('both', 2)];
      assert.deepEqual(first.rounded(), again.rounded());
      assert.notDeepEqual(first.rounded(), other.rounded());
      for (const soft of [first, again, other]) soft.dispose();
      assert.equal(tf.memory().numTensors, before);
    });
  });
}

describe('SoftTriggers', () => {
  it('sets no labels where features have none', () => {
    assert.throws(
      () => SoftTriggers.random({ family: 'features', nodes, labelColumns: 0, starts }, new Rng(1)),
      RangeError,
    );
  });
});
