import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import type { GridAttack, GridData } from '../../../../server/src/jobs/grid/grid';
import type { Defended } from '../../../../server/src/jobs/grid/defendSuspect';
import { runGridTask } from '../../../../server/src/jobs/grid/gridTask';
import { readFacts } from '../../../../server/src/jobs/grid/modelFolder';
import type { SuspectSpec } from '../../../../server/src/jobs/grid/suspect';
import { readGrid } from '../../../support/grids';

describe('defendSuspect', function () {
  this.timeout(60_000);
  const grid = readGrid('smoke');
  const context = { signal: new AbortController().signal, progress: () => undefined };
  const attack: GridAttack = { name: 'topology', kind: 'topology', options: {} };
  const data: GridData = { ...grid.data[0], features: 'degree', auxiliary: { name: 'OTHERS', source: { synthetic: { graphs: 90, seed: 5 } } } }; // prettier-ignore
  const spec: SuspectSpec = { data, attack, architecture: grid.architectures[0], training: { ...grid.training, epochs: 12 }, seed: 0 }; // prettier-ignore
  let folder: string;

  before(async () => {
    folder = path.join(mkdtempSync(path.join(tmpdir(), 'graphnad-test-')), 'model');
    await runGridTask({ kind: 'grid', step: 'train', spec, folder }, context);
  });
  after(() => rmSync(path.dirname(folder), { recursive: true, force: true }));

  const defend = async (cleanSet: 'own' | 'auxiliary', options = {}): Promise<Defended> =>
    (await runGridTask(
      {
        ...{ kind: 'grid', step: 'defend', spec, folder, holdingRate: 0.2, seed: 1, attention: false },
        defense: { name: 'd', method: 'graphnad', cleanSet, options: { fineTuneEpochs: 1, teacherRounds: 1, studentRounds: 1, poolSize: 32, ...options } }, // prettier-ignore
      },
      context,
    )) as Defended; // prettier-ignore

  it('measures a purified model, the same every time, and leaves no tensor behind', async () => {
    assert.ok((await readFacts(folder)).poisoned.length > 0);
    const first = await defend('own');
    const before = tf.memory().numTensors;
    const second = await defend('own');
    assert.equal(tf.memory().numTensors, before);
    assert.deepEqual(second.after, first.after);
    assert.equal(first.cleanGraphs, 24);
    const more = await defend('own', { studentRounds: 3 });
    assert.notDeepEqual(more.after, first.after, 'settings are in force');
  });

  it('does not look at the trigger before the model is made: another one changes nothing but its own figures', async () => {
    const file = path.join(folder, 'trigger.json');
    const text = readFileSync(file, 'utf8');
    const { graphs, ...rest } = JSON.parse(text) as { graphs: Record<string, { labels: number[] }> };
    const before = await defend('own');
    try {
      const edgeless = Object.entries(graphs).map(([id, { labels }]) => [id, { labels, edges: [] }] as const);
      writeFileSync(file, JSON.stringify({ ...rest, graphs: Object.fromEntries(edgeless) }));
      const changed = await defend('own');
      assert.equal(changed.after.acc, before.after.acc);
      assert.equal(changed.after.cleanTargetRate, before.after.cleanTargetRate);
      writeFileSync(file, '{');
      await assert.rejects(defend('own'), { name: 'TriggerFileError' });
    } finally {
      writeFileSync(file, text);
    }
  });

  it('takes as many auxiliary graphs as there would be clean ones', async () => {
    const settings = { studentRounds: 3, studentLearningRate: 0.02 };
    const [own, auxiliary] = [await defend('own', settings), await defend('auxiliary', settings)];
    assert.equal(auxiliary.cleanGraphs, own.cleanGraphs);
    assert.notDeepEqual(auxiliary.after, own.after);
  });
});
