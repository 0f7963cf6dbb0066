import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import * as tf from '@tensorflow/tfjs-core';
import { selectBackend } from '../../../server/src/tensor/backend';

const root = path.resolve(__dirname, '../../..');

/** Runs a program of ours in a process of its own. */
function runScript(script: string, env: NodeJS.ProcessEnv = {}): Promise<{ stdout: string; stderr: string }> {
  const source = `
    const { selectBackend } = require('./server/src/tensor/backend');
    const tf = require('@tensorflow/tfjs-core');
    (async () => { ${script} })();`;
  return promisify(execFile)(process.execPath, ['--require', 'tsx/cjs', '--eval', source], {
    cwd: root,
    env: { ...process.env, ...env },
  });
}

describe('selectBackend', () => {
  it('starts each backend, again and again', async () => {
    for (const backend of ['graphnad', 'graphnad', 'cpu', 'graphnad'] as const) {
      assert.equal(await selectBackend(backend), backend);
      assert.equal(tf.getBackend(), backend);
      assert.deepEqual(
        tf.tidy(() => tf.add(tf.tensor1d([1, 2]), 1).arraySync()),
        [2, 3],
      );
    }
  });

  it('takes our own engine, not TensorFlow, where nothing is asked for', async () => {
    assert.equal(await selectBackend('auto'), 'graphnad');
  });

  it('registers gradients', async () => {
    await selectBackend('graphnad');
    assert.equal(
      tf.tidy(() =>
        tf
          .grad((x) => tf.square(x))(tf.scalar(3))
          .arraySync(),
      ),
      6,
    );
  });

  it('leaves the handling of uncaught errors to the program', async function () {
    this.timeout(60_000);
    const { stdout } = await runScript(`
      const count = () => ['uncaughtException', 'unhandledRejection'].map((event) => process.listenerCount(event));
      const before = count();
      await selectBackend('graphnad');
      console.log(before.join() === count().join());`);
    assert.equal(stdout, 'true\n');
  });

  it('writes nothing to the console, where our protocols are spoken', async function () {
    this.timeout(60_000);
    const { stdout, stderr } = await runScript(`
      for (const backend of ['cpu', 'graphnad']) {
        await selectBackend(backend);
        tf.grad((x) => tf.sum(tf.square(x)))(tf.randomNormal([4, 4])).dataSync();
      }`);
    assert.equal(stdout, '');
    assert.equal(stderr, '');
  });
});
