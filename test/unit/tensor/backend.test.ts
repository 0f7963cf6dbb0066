import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import * as tf from '@tensorflow/tfjs-core';
import { selectBackend } from '../../../server/src/tensor/backend';
import { BackendError } from '../../../server/src/tensor/backendError';

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
    for (const backend of ['wasm', 'wasm', 'cpu', 'wasm'] as const) {
      assert.equal(await selectBackend(backend), backend);
      assert.equal(tf.getBackend(), backend);
      assert.deepEqual(
        tf.tidy(() => tf.add(tf.tensor1d([1, 2]), 1).arraySync()),
        [2, 3],
      );
    }
  });

  it('names the packages that are missing for TensorFlow', async () => {
    await assert.rejects(selectBackend('tensorflow'), (error) => {
      assert.ok(error instanceof BackendError);
      assert.equal(error.backend, 'tensorflow');
      assert.match(error.message, /@tensorflow\/tfjs-node-gpu.*@tensorflow\/tfjs-node/);
      return true;
    });
  });

  it('takes WebAssembly where TensorFlow is not installed', async () => {
    assert.equal(await selectBackend('auto'), 'wasm');
  });

  it('registers gradients', async () => {
    await selectBackend('wasm');
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
      await selectBackend('wasm');
      console.log(before.join() === count().join());`);
    assert.equal(stdout, 'true\n');
  });

  it('writes nothing to the console, where our protocols are spoken', async function () {
    this.timeout(60_000);
    const { stdout, stderr } = await runScript(`
      for (const backend of ['cpu', 'wasm']) {
        await selectBackend(backend);
        tf.grad((x) => tf.sum(tf.square(x)))(tf.randomNormal([4, 4])).dataSync();
      }`);
    assert.equal(stdout, '');
    assert.equal(stderr, '');
  });

  describe('where a TensorFlow package is installed', () => {
    let modules: string;

    // Stands in for the real package, which is large: all that is under test is that ours finds, loads and prefers it.
    before(async () => {
      modules = await mkdtemp(path.join(tmpdir(), 'graphnad-modules-'));
      const folder = path.join(modules, '@tensorflow', 'tfjs-node');
      await mkdir(folder, { recursive: true });
      await writeFile(
        path.join(folder, 'index.js'),
        `const tf = require(${JSON.stringify(require.resolve('@tensorflow/tfjs-core'))});
         const { MathBackendCPU } = require(${JSON.stringify(require.resolve('@tensorflow/tfjs-backend-cpu'))});
         tf.registerBackend('tensorflow', () => new MathBackendCPU(), 3);
         tf.copyRegisteredKernels('cpu', 'tensorflow');`,
      );
    });
    after(() => rm(modules, { recursive: true }));

    it('prefers it and computes with it', async function () {
      this.timeout(60_000);
      const script = `
        console.log(await selectBackend('auto'), tf.getBackend(), tf.add(1, 2).arraySync());
        console.log(await selectBackend('tensorflow'), await selectBackend('wasm'));`;
      const { stdout } = await runScript(script, { NODE_PATH: modules });
      assert.equal(stdout, 'tensorflow tensorflow 3\ntensorflow wasm\n');
    });
  });
});
