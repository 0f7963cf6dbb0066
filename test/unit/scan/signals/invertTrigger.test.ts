import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs-core';
import { softForwardOf, type SoftForward } from '../../../../server/src/attack/softForward';
import { drawTrigger } from '../../../../server/src/attack/triggerPrior';
import { GraphModel } from '../../../../server/src/gnn/graphModel';
import { Rng } from '../../../../server/src/graph/rng';
import { measureTrigger } from '../../../../server/src/scan/estimatedAsr';
import {
  hostsOfTriggers,
  inversionLoss,
  invertTrigger,
  type TriggerInversion,
} from '../../../../server/src/scan/signals/invertTrigger';
import { SoftTriggers, triggerFamilies } from '../../../../server/src/scan/signals/softTriggers';
import { mean } from '../../../../server/src/scan/statistics';
import { selectBackend } from '../../../../server/src/tensor/backend';
import { valuesOf } from '../../../../server/src/tensor/valuesOf';
import { attackData, smallArchitecture, smallAttack } from '../../../support/attacks';
import { cleanGraphs, countingModel, layout } from '../handMade';

const data = attackData();

function forwardOf(model: GraphModel): SoftForward {
  const forward = softForwardOf(model.architecture);
  assert.ok(forward !== undefined);
  return forward;
}

/** A search on hand-made graphs of class 0 for a trigger toward class 1. */
function searchIn(model: GraphModel): Omit<TriggerInversion, 'family' | 'rng'> {
  const hosts = cleanGraphs(20, 1).filter(({ classLabel }) => classLabel === 0);
  return { model, forward: forwardOf(model), layout, hosts, target: 1 };
}

describe('invertTrigger', () => {
  before(() => selectBackend('graphnad'));

  for (const family of triggerFamilies) {
    it(`follows the gradient that finite differences show: ${family}`, () => {
      const model = GraphModel.random(smallArchitecture(data), new Rng(3));
      const search = { model, forward: forwardOf(model), target: 1 };
      const hosts = data.test.slice(0, 4);
      const { labelColumns } = data.layout;
      const soft = SoftTriggers.random({ family, nodes: 4, labelColumns, starts: 2 }, new Rng(5));
      const laid = hostsOfTriggers({ hosts, family, layout: data.layout, rng: new Rng(6) }, 4, 2);
      const loss = (): tf.Scalar => inversionLoss(search, soft, laid, 0.7);
      const gradients = tf.tidy(() => {
        const { grads } = tf.variableGrads(loss, soft.variables);
        return soft.variables.map(({ name }) => valuesOf(grads[name]).slice());
      });
      const step = 0.02;
      soft.variables.forEach((variable, v) => {
        const values = variable.dataSync<'float32'>().slice();
        const movedTo = (i: number, by: number): number => {
          const moved = values.slice();
          moved[i] += by;
          return tf.tidy(() => {
            variable.assign(tf.tensor(moved, variable.shape));
            return loss().dataSync()[0];
          });
        };
        for (const i of [1, 2, 6, values.length - 2]) {
          const difference = (movedTo(i, step) - movedTo(i, -step)) / (2 * step);
          const allowed = 1e-4 + 0.03 * Math.abs(difference);
          assert.ok(Math.abs(gradients[v][i] - difference) < allowed, `${gradients[v][i]} against ${difference}`);
        }
        assert.ok(gradients[v].some((slope) => Math.abs(slope) > 1e-3));
        tf.tidy(() => variable.assign(tf.tensor(values, variable.shape)));
      });
      soft.dispose();
      model.dispose();
    });
  }

  it('finds the label that a hand-made model was given a backdoor by', async () => {
    const model = countingModel(2);
    const { trigger, loss } = await invertTrigger({ ...searchIn(model), family: 'features', rng: new Rng(1) });
    assert.equal(trigger.edges, null);
    assert.deepEqual(trigger.labels, [2, 2, 2, 2, 2]);
    assert.ok(loss < Math.LN2, 'more than that is the loss of a model that cannot decide');
    assert.ok(measureTrigger(model, trigger, 1, cleanGraphs(40, 2), layout, 0).asr > 0.9);
    model.dispose();
  });

  it('flips a trained model with a planted subgraph more than random draws do', async () => {
    const { model } = await smallAttack(data, { kind: 'subgraph' });
    const hosts = data.train.filter(({ classLabel }) => classLabel === 0);
    const search = { model, forward: forwardOf(model), layout: data.layout, hosts: hosts.slice(0, 12), target: 1 };
    const { trigger } = await invertTrigger({ ...search, family: 'structure', rng: new Rng(2) });
    const flips = (some: typeof trigger): number =>
      measureTrigger(model, some, 1, data.test, data.layout, 0).flipAsr ?? NaN;
    const rng = new Rng(3);
    const drawn = Array.from({ length: 40 }, () => flips(drawTrigger(rng, new Float64Array(0))));
    const found = flips(trigger);
    assert.ok(found > mean(drawn) + 0.2, `${found} against ${mean(drawn)} on average`);
    model.dispose();
  });

  it('gives the same trigger for the same seed and leaves no tensor behind', async () => {
    const model = countingModel(1);
    const before = tf.memory().numTensors;
    const search = searchIn(model);
    const found = (seed: number): Promise<unknown> => invertTrigger({ ...search, family: 'both', rng: new Rng(seed) });
    const [first, again, other] = [await found(1), await found(1), await found(2)];
    assert.deepEqual(first, again);
    assert.notDeepEqual(first, other);
    assert.equal(tf.memory().numTensors, before);
    model.dispose();
  });

  it('stops when told to, and leaves no tensor behind', async () => {
    const model = countingModel(1);
    const before = tf.memory().numTensors;
    const search = { ...searchIn(model), family: 'both', rng: new Rng(1), signal: AbortSignal.abort() } as const;
    await assert.rejects(invertTrigger(search), { name: 'AbortError' });
    assert.equal(tf.memory().numTensors, before);
    model.dispose();
  });
});
