import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs-core';
import { generatedTriggers, hostBatches } from '../../../server/src/attack/generatedTriggers';
import { TriggerGenerator } from '../../../server/src/attack/triggerGenerator';
import { drawHosts } from '../../../server/src/attack/triggerHosts';
import { Rng } from '../../../server/src/graph/rng';
import { selectBackend } from '../../../server/src/tensor/backend';
import { attackData } from '../../support/attacks';
import { graphFault } from '../../support/graphs';

describe('generatedTriggers', () => {
  before(() => selectBackend('graphnad'));

  it('gives every host a trigger, the same in whatever batch it is', () => {
    const data = attackData(240);
    const tensors = tf.memory().numTensors;
    const shape = { nodes: 4, inputs: 4 * data.layout.width, labelColumns: data.layout.labelColumns };
    const generator = TriggerGenerator.random(shape, new Rng(1));
    const hosts = drawHosts(data.test, shape.nodes, new Rng(2));
    const batches = hostBatches(hosts, generator, data.layout);
    assert.ok(batches.length > 1);
    const together = generatedTriggers(generator, batches);
    assert.equal(together.length, hosts.length);
    together.forEach((graph, i) => {
      assert.equal(graphFault(graph), undefined);
      assert.equal(graph.nodeCount, hosts[i].graph.nodeCount);
    });
    const alone = hosts
      .slice(60, 70)
      .flatMap((host) => generatedTriggers(generator, hostBatches([host], generator, data.layout)));
    assert.deepEqual(alone, together.slice(60, 70));
    generator.dispose();
    assert.equal(tf.memory().numTensors, tensors);
  });
});
