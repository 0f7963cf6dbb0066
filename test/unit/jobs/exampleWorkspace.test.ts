import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs-core';
import { makeExampleFiles, makeExampleWorkspace } from '../../../server/src/jobs/exampleWorkspace';
import { evaluateModel } from '../../../server/src/jobs/evaluateTask';
import { OutputError } from '../../../server/src/jobs/writeWhole';
import { useTmpFolder } from '../../support/tmpFolder';

/** The example in small: the same files, models that have learned little. */
const small = { graphs: 60, epochs: 2 };

describe('makeExampleWorkspace', function () {
  this.timeout(60_000);
  const tmp = useTmpFolder();

  it('makes the same bytes again for a seed, and others for another', async () => {
    const [first, again, other] = [
      await makeExampleFiles(1, small),
      await makeExampleFiles(1, small),
      await makeExampleFiles(2, small),
    ];
    assert.deepEqual(first, again);
    assert.deepEqual([...first.keys()], [...other.keys()]);
    for (const name of ['models/clean.pt', 'models/backdoored.pt', 'data/MOLECULES/MOLECULES_A.txt']) {
      assert.notDeepEqual(first.get(name), other.get(name), name);
    }
  });

  it('writes a workspace whose models and trigger our own commands read', async () => {
    await makeExampleWorkspace(tmp('example'), 0, small);
    const evaluation = await evaluateModel({
      model: tmp('example', 'models', 'backdoored.pt'),
      data: tmp('example', 'data', 'MOLECULES'),
      trigger: tmp('example', 'models', 'backdoored.trigger.json'),
    });
    assert.equal(evaluation.testGraphs, 12);
    const percent = (share = NaN): string => `${(100 * share).toFixed(0)}%`;
    const row = `| backdoored | ${percent(evaluation.acc)} | ${percent(evaluation.asr)} |`;
    assert.ok(readFileSync(tmp('example', 'README.md'), 'utf8').includes(row), `the page does not say ${row}`);
  });

  it('leaves no tensors behind', async () => {
    const before = tf.memory().numTensors;
    await makeExampleFiles(0, small);
    assert.equal(tf.memory().numTensors, before);
  });

  it('touches nothing that is there, before any work', async () => {
    writeFileSync(tmp('mine'), 'mine');
    const started: string[] = [];
    const making = makeExampleWorkspace(tmp(), 0, { ...small, progress: (text) => started.push(text) });
    await assert.rejects(making, OutputError);
    assert.deepEqual(started, []);
    assert.deepEqual(readdirSync(tmp()), ['mine']);
  });

  it('stops when asked and leaves nothing behind', async () => {
    const stop = new AbortController();
    const making = makeExampleWorkspace(tmp('example'), 0, {
      ...small,
      signal: stop.signal,
      progress: (text) => {
        if (text.includes('backdoored')) stop.abort();
      },
    });
    await assert.rejects(making, { name: 'AbortError' });
    assert.deepEqual(readdirSync(tmp()), []);
  });
});
