import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs-core';
import { flatnessLoss } from '../../../server/src/attack/flatness';
import { canBeAttacked } from '../../../server/src/attack/poisoning';
import { GraphModel } from '../../../server/src/gnn/graphModel';
import { collate } from '../../../server/src/graph/batch';
import type { Graph } from '../../../server/src/graph/graph';
import { Rng } from '../../../server/src/graph/rng';
import { selectBackend } from '../../../server/src/tensor/backend';
import { attackData, smallArchitecture, smallAttack } from '../../support/attacks';

const data = attackData();

function flatness(model: GraphModel, clean: readonly Graph[], triggered: readonly Graph[]): number {
  return tf.tidy(() => {
    const [before, after] = [clean, triggered].map((graphs) => collate(graphs, data.layout));
    const run = (batch: typeof before): Parameters<typeof flatnessLoss>[0] => ({ batch, ...model.forward(batch) });
    return flatnessLoss(run(before), run(after)).dataSync()[0];
  });
}

describe('flatnessLoss', function () {
  this.timeout(30_000);
  before(() => selectBackend('graphnad'));

  it('is zero where nothing changes', () => {
    const model = GraphModel.random(smallArchitecture(data), new Rng(1));
    assert.ok(flatness(model, data.test, data.test) < 1e-9);
    model.dispose();
  });

  it('is several times lower after the attack that minimises it, on graphs not seen', async () => {
    const ofAttack = async (kind: 'gta' | 'adaptive'): Promise<number> => {
      const { model, trigger } = await smallAttack(data, { kind });
      const hosts = data.test.filter((graph) => canBeAttacked(graph, trigger, 1));
      const value = flatness(model, hosts, trigger.apply(hosts, new Rng(5)));
      model.dispose();
      return value;
    };
    const [usual, flat] = [await ofAttack('gta'), await ofAttack('adaptive')];
    assert.ok(flat < usual / 3, `${flat} against ${usual}`);
  });
});
