import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs-core';
import type { AttackKind } from '../../../server/src/attack/attacks';
import { parseTriggerFile } from '../../../server/src/attack/triggerFile';
import { attackModel, type AttackReport, type AttackRun } from '../../../server/src/jobs/attackTask';
import { evaluateModel } from '../../../server/src/jobs/evaluateTask';
import { useTinyWorkspace } from '../../support/tinyWorkspace';
import { useTmpFolder } from '../../support/tmpFolder';

describe('attackModel', function () {
  this.timeout(30_000);
  const workspace = useTinyWorkspace();
  const at = useTmpFolder();
  const run = (kind: AttackKind, changed: Partial<AttackRun> = {}): AttackRun => ({
    data: workspace().data,
    architecture: { layers: 2, hidden: 16 },
    training: { epochs: 16, learningRate: 0.01 },
    output: at('model.pt'),
    trigger: at('trigger.json'),
    attack: { kind, target: 1, poisoningRate: 0.2 },
    ...changed,
  });
  const attack = (kind: AttackKind, changed?: Partial<AttackRun>): Promise<AttackReport> =>
    attackModel(run(kind, changed), { signal: new AbortController().signal, progress: () => undefined });

  for (const kind of ['topology', 'new-nodes', 'gta', 'motif'] as const) {
    it(`${kind}: writes a model and a trigger that evaluate reads, with the same figures`, async () => {
      const tensors = tf.memory().numTensors;
      const report = await attack(kind, { report: at('report.json') });
      assert.equal((JSON.parse(readFileSync(at('report.json'), 'utf8')) as AttackReport).asr, report.asr);
      const measured = await evaluateModel({
        model: at('model.pt'),
        data: workspace().data,
        trigger: at('trigger.json'),
      });
      const { acc, asr, flipAsr, cleanTargetRate, attackedGraphs } = report;
      const { testGraphs } = report.data;
      assert.deepEqual({ acc, asr, flipAsr, cleanTargetRate, attackedGraphs, testGraphs }, { ...measured });
      assert.ok(asr > 0.5, `attack success rate ${asr}`);
      const { triggerNodes, ...settings } = report.attack;
      const ofGenerator = kind === 'gta' ? { rounds: 4, generatorEpochs: 15 } : {};
      assert.deepEqual(settings, { kind, target: 1, poisoningRate: 0.2, ...ofGenerator });
      const trigger = parseTriggerFile(readFileSync(at('trigger.json'), 'utf8'), 'trigger.json');
      assert.deepEqual([trigger.kind, trigger.target, trigger.nodes], [kind, 1, triggerNodes]);
      // Only graphs that were held back are given.
      for (const id of trigger.graphs?.keys() ?? []) assert.ok(!report.poisoned.includes(id));
      assert.equal(report.poisoned.length, Math.floor(0.2 * report.data.trainGraphs));
      assert.equal(tf.memory().numTensors, tensors);
    });
  }

  it('writes the same bytes from the same seed', async () => {
    const files = async (folder: string): Promise<Buffer[]> => {
      const [output, trigger] = [at(`${folder}.pt`), at(`${folder}.json`)];
      await attack('gta', { output, trigger, training: { epochs: 2 } });
      return [readFileSync(output), readFileSync(trigger)];
    };
    assert.deepEqual(await files('first'), await files('second'));
  });

  it('writes neither file where the other one is in the way, or when aborted', async () => {
    writeFileSync(at('trigger.json'), '{}');
    await assert.rejects(attack('topology'), { name: 'OutputError' });
    assert.equal(existsSync(at('model.pt')), false);
    const same = { output: at('trigger.json'), overwrite: true };
    await assert.rejects(attack('topology', same), { name: 'OutputError', message: /another result/ });
    const controller = new AbortController();
    const context = { signal: controller.signal, progress: () => controller.abort() };
    await assert.rejects(attackModel(run('topology', { overwrite: true }), context), { name: 'AbortError' });
    assert.equal(existsSync(at('model.pt')), false);
    assert.equal(readFileSync(at('trigger.json'), 'utf8'), '{}');
  });

  it('says what cannot be attacked', async () => {
    const error = { name: 'AttackError', message: /there is no class 7/ };
    await assert.rejects(attack('topology', { attack: { kind: 'topology', target: 7 } }), error);
  });
});
