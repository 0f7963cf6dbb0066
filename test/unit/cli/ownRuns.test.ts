import assert from 'node:assert/strict';
import { readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import process from 'node:process';
import { noteRun, ownRun, type OwnRun } from '../../../server/src/cli/ownRuns';
import { useTmpFolder } from '../../support/tmpFolder';

describe('runs of this account', () => {
  const tmp = useTmpFolder();
  const variable = process.platform === 'win32' ? 'LOCALAPPDATA' : 'XDG_STATE_HOME';
  const before = process.env[variable];
  const run: OwnRun = { queue: 'redis://a:6379', name: 'nightly', command: ['scan', 'models'], folder: '/work' };
  const file = (): string => tmp('graphnad', 'runs', readdirSync(tmp('graphnad', 'runs'))[0]);

  beforeEach(() => {
    process.env[variable] = tmp();
  });
  afterEach(() => {
    if (before === undefined) Reflect.deleteProperty(process.env, variable);
    else process.env[variable] = before;
  });

  it('are found by queue and name', async () => {
    assert.equal(await ownRun(run.queue, run.name), undefined);
    await noteRun(run);
    await noteRun({ ...run, queue: 'redis://b:6379', command: ['scan', 'others'] });
    await noteRun({ ...run, command: ['scan', 'again'] });
    assert.deepEqual(await ownRun(run.queue, run.name), { ...run, command: ['scan', 'again'] });
    assert.deepEqual((await ownRun('redis://b:6379', run.name))?.command, ['scan', 'others']);
    assert.equal(await ownRun(run.queue, 'Nightly'), undefined);
    assert.equal(readdirSync(tmp('graphnad', 'runs')).length, 2);
  });

  it('are for this account alone to read', async function () {
    if (process.platform === 'win32') this.skip();
    await noteRun(run);
    assert.equal(statSync(file()).mode & 0o777, 0o600);
    assert.equal(statSync(tmp('graphnad', 'runs')).mode & 0o777, 0o700);
  });

  it('are forgotten after a week, and where they cannot be read', async () => {
    await noteRun(run);
    const old = new Date(Date.now() - 8 * 24 * 3600 * 1000);
    utimesSync(file(), old, old);
    await noteRun({ ...run, name: 'another' });
    assert.equal(await ownRun(run.queue, run.name), undefined);
    for (const text of ['', '{}', JSON.stringify({ ...run, name: 'other' })]) {
      writeFileSync(file(), text);
      assert.equal(await ownRun(run.queue, 'another'), undefined);
    }
  });
});
