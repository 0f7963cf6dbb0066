import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { installPackage, packageWithoutAddon, workingPackage } from '../../support/tensorflowPackages';
import { useTmpFolder } from '../../support/tmpFolder';

const root = path.resolve(__dirname, '../../..');

describe('loadTensorFlow', function () {
  this.timeout(60_000);
  const at = useTmpFolder();

  /** Loads it in a process of its own: only once can it be loaded in one. */
  async function load(
    argument: string = JSON.stringify([at()]),
    env: NodeJS.ProcessEnv = {},
    cwd = root,
  ): Promise<{ error?: string; backend?: string; notes: string[]; logLevel?: string }> {
    const source = `
      const { loadTensorFlow, tensorFlowNotes } = require(${JSON.stringify(path.join(root, 'server/src/tensor/tensorflow'))});
      const tf = require(${JSON.stringify(require.resolve('@tensorflow/tfjs-core'))});
      tf.env().set('PROD', true);
      let error, name;
      try { loadTensorFlow(${argument}); loadTensorFlow(${argument}); } catch (thrown) { error = thrown.message; name = thrown.backend; }
      const backend = tf.findBackendFactory('tensorflow') ? 'tensorflow' : undefined;
      console.log(JSON.stringify({ error, name, backend, notes: tensorFlowNotes(), logLevel: process.env.TF_CPP_MIN_LOG_LEVEL }));`;
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--require', require.resolve('tsx/cjs'), '--eval', source],
      { cwd, env: { ...process.env, GRAPHNAD_TENSORFLOW: '', ...env } },
    );
    return JSON.parse(stdout) as Awaited<ReturnType<typeof load>>;
  }

  it('says that nothing is installed, and where it looked', async () => {
    const { error, backend } = await load();
    assert.match(error ?? '', /^The tensorflow backend cannot be used: TensorFlow for Node\.js is not installed/);
    assert.ok(error?.endsWith(at()), error);
    assert.equal(backend, undefined);
  });

  it('loads the package that is there, quietly', async () => {
    installPackage(at(), 'tfjs-node', workingPackage);
    assert.deepEqual(await load(), { backend: 'tensorflow', notes: [], logLevel: '2' });
  });

  it('finds it in the folder that the environment names', async () => {
    installPackage(at(), 'tfjs-node', workingPackage);
    assert.equal((await load('', { GRAPHNAD_TENSORFLOW: at() })).backend, 'tensorflow');
  });

  it('loads nothing from the folder that is worked in', async () => {
    installPackage(at(), 'tfjs-node', `require('node:fs').writeFileSync(${JSON.stringify(at('ran'))}, '');`);
    await load('', {}, at());
    assert.ok(!existsSync(at('ran')));
  });

  it('explains a package that does not load', async () => {
    installPackage(at(), 'tfjs-node', packageWithoutAddon);
    assert.match((await load()).error ?? '', /tfjs-node could not be loaded: its native part is missing/);
  });

  it('does not even try a release that does not fit', async () => {
    installPackage(at(), 'tfjs-node', `require('node:fs').writeFileSync(${JSON.stringify(at('ran'))}, '');`, '3.21.1');
    assert.match((await load()).error ?? '', /tfjs-node 3\.21\.1 does not fit/);
    assert.ok(!existsSync(at('ran')));
  });

  it('falls back from the GPU package to the other, and says so', async () => {
    installPackage(at(), 'tfjs-node-gpu', packageWithoutAddon);
    installPackage(at(), 'tfjs-node', workingPackage);
    const { backend, notes } = await load();
    assert.equal(backend, 'tensorflow');
    assert.equal(notes.length, 1);
    assert.match(notes[0], /tfjs-node-gpu could not be loaded: .*; @tensorflow\/tfjs-node is used instead$/);
  });

  it('names every package that failed', async () => {
    installPackage(at(), 'tfjs-node-gpu', packageWithoutAddon);
    installPackage(at(), 'tfjs-node', `throw new Error('broken');`);
    assert.match(
      (await load()).error ?? '',
      /tfjs-node-gpu could not be loaded.*tfjs-node could not be loaded: broken/,
    );
  });

  it('says why the GPU package runs on the CPU', async () => {
    installPackage(at(), 'tfjs-node-gpu', workingPackage);
    const { notes } = await load();
    assert.equal(notes.length, 1);
    assert.match(notes[0], /^TensorFlow runs on the CPU, although @tensorflow\/tfjs-node-gpu is installed: /);
  });

  it('has nothing to add where the GPU is used', async () => {
    installPackage(
      at(),
      'tfjs-node-gpu',
      `${workingPackage} tf.engine().findBackend('tensorflow').isUsingGpuDevice = true;`,
    );
    assert.deepEqual((await load()).notes, []);
  });
});
