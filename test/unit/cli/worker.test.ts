import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { UsageError } from '../../../server/src/cli/arguments';
import { runs } from '../../../server/src/cli/runs';
import { scan } from '../../../server/src/cli/scan';
import { worker } from '../../../server/src/cli/worker';
import { captured } from '../../support/captured';
import { isAlive, until } from '../../support/processes';
import { RedisServer } from '../../support/redis/redisServer';
import { useTinyWorkspace } from '../../support/tinyWorkspace';
import { useTmpFolder } from '../../support/tmpFolder';

describe('graphnad worker', function () {
  this.timeout(120_000);
  const tiny = useTinyWorkspace();
  const at = useTmpFolder();
  const password = 'pass: word/77';
  const never = new AbortController().signal;
  let redis: RedisServer | undefined;
  let server: ChildProcess | undefined;

  afterEach(async () => {
    server?.kill('SIGKILL');
    await redis?.kill();
  });

  it('refuses what it does not understand', async () => {
    for (const argv of [[], ['--queue', 'host'], ['--queue', 'redis://host', '--concurrency', '0'], ['models']]) {
      await assert.rejects(worker(argv, never), UsageError, argv.join(' '));
    }
  });

  it('does jobs, gives back what it has begun when Ctrl-C ends it, and tells nobody the password', async () => {
    redis = await RedisServer.start({ folder: at(), password });
    const script = path.resolve(__dirname, '../../../server/src/cli.ts');
    // A group of its own, as a terminal has: Ctrl-C reaches all of its processes.
    const child = spawn(
      process.execPath,
      ['--require', require.resolve('tsx/cjs'), script, 'worker', '--queue', redis.url, '--cache', at('cache')],
      { detached: true, stdio: ['ignore', 'pipe', 'pipe'] },
    );
    server = child;
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
    await until('it is there', () => said.includes('does jobs of redis://localhost'), 60_000);

    const queue = ['--queue', redis.url];
    const model = at('gin.pt');
    copyFileSync(tiny().model, model);
    const scanned = await captured(() => scan([model, '--code-only', '--json', ...queue], never));
    assert.equal(scanned.code, 0, scanned.err);
    await until('it says so', () => /scan [\da-f]{12} done/.test(said));

    const begun = scan([model, '--data', tiny().data, '--json', '--detach', '--name', 'long', ...queue], never);
    assert.equal((await captured(() => begun)).code, 0);
    const listed = async (): Promise<string> => (await captured(() => runs(queue))).out;
    await until('it runs', async () => /^long: 0 of 1 jobs done, 1 running/m.test(await listed()), 30_000);
    const pid = child.pid ?? 0;
    if (process.platform === 'linux') {
      assert.ok(!readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(encodeURIComponent(password)));
    }
    const exit = once(child, 'exit');
    process.kill(-pid, 'SIGINT');
    assert.deepEqual(await exit, [0, null], said);
    assert.match(said, /scan [\da-f]{12} given back/);
    assert.match(await listed(), /^long: 0 of 1 jobs done, 1 waiting/m);
    await until('its group to go', () => !isAlive(-pid));
    for (const text of [password, encodeURIComponent(password)]) assert.ok(!(said + scanned.err).includes(text));
  });
});
