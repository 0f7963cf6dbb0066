import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs-core';
import {
  AttackError,
  attackKinds,
  type AttackKind,
  type AttackProgress,
  type AttackResult,
} from '../../../server/src/attack/attacks';
import { accuracy, attackMetrics } from '../../../server/src/attack/metrics';
import { canBeAttacked } from '../../../server/src/attack/poisoning';
import { argmaxRows, predictLogits } from '../../../server/src/gnn/predict';
import type { Graph } from '../../../server/src/graph/graph';
import { Rng } from '../../../server/src/graph/rng';
import { selectBackend } from '../../../server/src/tensor/backend';
import { attackData, smallArchitecture, smallAttack } from '../../support/attacks';
import { graphFault } from '../../support/graphs';

const data = attackData();
const target = 1;

function predict({ model }: AttackResult, graphs: readonly Graph[]): Int32Array {
  return argmaxRows(predictLogits(model, graphs, data.layout), 2);
}

/** What needs more than the rest on so few and so small graphs. */
const rates: Partial<Record<AttackKind, number>> = { motif: 0.2, 'clean-label': 0.4 };

describe('attack', function () {
  this.timeout(60_000);
  before(() => selectBackend('graphnad'));

  for (const kind of attackKinds) {
    it(`${kind}: flips what it is put into and leaves the rest right`, async () => {
      const tensors = tf.memory().numTensors;
      const kept = structuredClone(data.train);
      const progress: AttackProgress[] = [];
      const rate = rates[kind] ?? 0.15;
      const result = await smallAttack(data, { kind, poisoningRate: rate }, { onProgress: (p) => progress.push(p) });
      const { trigger, poisoned, model } = result;
      assert.deepEqual(data.train, kept);

      assert.deepEqual([trigger.kind, trigger.target], [kind, target]);
      assert.equal(poisoned.length, Math.floor(rate * data.train.length));
      assert.deepEqual(
        poisoned,
        [...new Set(poisoned)].sort((a, b) => a - b),
      );
      for (const id of poisoned) {
        assert.equal(data.train[id].classLabel === target, kind === 'clean-label');
        assert.ok(data.train[id].nodeCount > trigger.nodes);
      }

      const hosts = data.test.filter((graph) => canBeAttacked(graph, trigger, target));
      const triggered = trigger.apply(hosts, new Rng(5));
      triggered.forEach((graph, i) => {
        assert.equal(graphFault(graph), undefined);
        assert.equal(graph.classLabel, hosts[i].classLabel);
        assert.equal(graph.nodeCount, hosts[i].nodeCount + (kind === 'new-nodes' ? trigger.nodes : 0));
      });
      const { asr } = attackMetrics(predict(result, hosts), predict(result, triggered), target);
      const acc = accuracy(
        predict(result, data.test),
        data.test.map(({ classLabel }) => classLabel),
      );
      assert.ok(asr >= 0.85, `attack success rate ${asr}`);
      assert.ok(acc >= 0.7, `accuracy ${acc}`);

      const fractions = progress.map(({ fraction }) => fraction);
      assert.deepEqual(
        fractions,
        [...fractions].sort((a, b) => a - b),
      );
      assert.ok(Math.abs(fractions[fractions.length - 1] - 1) < 1e-9);

      model.dispose();
      assert.equal(tf.memory().numTensors, tensors);
    });
  }

  it('gives the same from the same seed, and else from another', async () => {
    const run = async (kind: AttackKind, seed: number): Promise<unknown> => {
      const training = { epochs: 2 };
      const { model, trigger, poisoned } = await smallAttack(data, { kind, generatorEpochs: 2 }, { seed, training });
      const state = model.stateDict();
      model.dispose();
      return { state, poisoned, triggered: trigger.apply(data.test, new Rng(5)) };
    };
    for (const kind of attackKinds) {
      const first = await run(kind, 1);
      assert.deepEqual(await run(kind, 1), first);
      assert.notDeepEqual(await run(kind, 2), first);
    }
  });

  it('trains other kinds of models on what a surrogate was poisoned with', async () => {
    const tensors = tf.memory().numTensors;
    const result = await smallAttack(data, { kind: 'gta' }, { architecture: smallArchitecture(data, 'sage') });
    const { trigger, model } = result;
    assert.equal(model.architecture.kind, 'sage');
    const hosts = data.test.filter((graph) => canBeAttacked(graph, trigger, target));
    const { asr } = attackMetrics(predict(result, hosts), predict(result, trigger.apply(hosts, new Rng(5))), target);
    assert.ok(asr >= 0.8, `attack success rate ${asr}`);
    model.dispose();
    assert.equal(tf.memory().numTensors, tensors);
  });

  it('stops when aborted, and leaves nothing behind', async () => {
    const tensors = tf.memory().numTensors;
    for (const kind of ['subgraph', 'motif', 'gta', 'adaptive'] as const) {
      for (const stage of ['Surrogate', 'Trigger', 'Model']) {
        const controller = new AbortController();
        const stages = new Set<string>();
        const running = smallAttack(
          data,
          { kind, generatorEpochs: 1 },
          {
            training: { epochs: 2 },
            signal: controller.signal,
            onProgress: (progress) => {
              stages.add(progress.stage);
              if (progress.stage === stage) controller.abort();
            },
          },
        );
        const result = await running.catch((error: unknown) => error);
        if (stages.has(stage)) assert.equal((result as Error).name, 'AbortError', `${kind}, ${stage}`);
        else (result as AttackResult).model.dispose();
      }
    }
    assert.equal(tf.memory().numTensors, tensors);
  });

  it('says what it cannot do', async () => {
    const refusal = async (...input: Parameters<typeof smallAttack>): Promise<string> => {
      const error: unknown = await smallAttack(...input).catch((reason: unknown) => reason);
      assert.ok(error instanceof AttackError, String(error));
      return error.reason;
    };
    const constant = { ...data.layout, kind: 'constant', width: 1, attributeWidth: 0, labelColumns: 0 } as const;
    assert.match(await refusal(data, { kind: 'gta', target: 2 }), /no class 2/);
    assert.match(await refusal(data, { kind: 'gta', poisoningRate: 0 }), /poisoning rate/);
    assert.match(await refusal(data, { kind: 'gta', triggerNodes: 1 }), /at least 2 nodes/);
    assert.match(await refusal(data, { kind: 'gta', rounds: 0 }), /rounds must be a whole number/);
    assert.match(await refusal(data, { kind: 'gta', generatorEpochs: 1.5 }), /generatorEpochs must be/);
    assert.match(await refusal(data, { kind: 'subgraph', density: 1.5 }), /density must lie above 0/);
    assert.match(await refusal(data, { kind: 'adaptive', flatness: -1 }), /flatness must be/);
    assert.match(await refusal(data, { kind: 'motif', triggerNodes: 6 }), /3 to 5 nodes/);
    assert.match(await refusal(data, { kind: 'feature' }, { layout: constant }), /"constant" hold nothing/);
    for (const kind of ['subgraph', 'motif', 'gta'] as const) {
      assert.match(await refusal(data, { kind, poisoningRate: 0.001 }), /the rate is too low/);
    }
    assert.match(await refusal(data, { kind: 'subgraph', triggerNodes: 500 }), /more than 500 nodes/);
    assert.match(await refusal(data, { kind: 'subgraph' }, { train: data.train.slice(0, 1) }), /at least 2/);
  });
});
