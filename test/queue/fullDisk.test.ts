import assert from 'node:assert/strict';
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';
import { text } from 'node:stream/consumers';
import Redis from 'ioredis';
import { commandLine } from '../../scripts/lib/product';
import { troublesKey } from '../../server/src/jobs/remote/keys';
import { until } from '../support/processes';
import { RedisServer } from '../support/redis/redisServer';
import { useTmpFolder } from '../support/tmpFolder';
import { makeZoo } from '../support/zoo';

describe('a worker without room', () => {
  const tmp = useTmpFolder();

  it('leaves its jobs to others, and says what it lacks', async function () {
    this.timeout(120_000);
    if (process.platform === 'win32') this.skip(); // a shell's limits stand for the disk
    const zoo = await makeZoo(tmp('made'), { models: 6, graphs: 20 });
    const scan = ['scan', zoo.models, '--code-only', '--json'];
    const local = spawnSync(process.execPath, [commandLine, ...scan], { encoding: 'utf8' });
    const redis = await RedisServer.start({ folder: tmp() });
    const client = new Redis(redis.url);
    const children: ChildProcess[] = [];
    const start = (program: string, args: readonly string[]): ChildProcess => {
      const env = { ...process.env, XDG_STATE_HOME: tmp('state') };
      const child = spawn(program, args, { env, stdio: ['ignore', 'pipe', 'ignore'] });
      children.push(child);
      return child;
    };
    const worker = [commandLine, 'worker', '--queue', redis.url, '--concurrency', '1', '--cache'];
    try {
      // No file may have more than 8 kB there; the models have more.
      const limited = ['-c', 'ulimit -f 8 && exec "$0" "$@"', process.execPath, ...worker, tmp('full')];
      start('bash', limited);
      const asker = start(process.execPath, [commandLine, ...scan, '--queue', redis.url]);
      const output = text(asker.stdout!);
      await until('the worker says what it lacks', async () => (await client.hlen(troublesKey)) === 1, 30_000);
      assert.match((await client.hvals(troublesKey))[0], /EFBIG.*; it takes no jobs until that is seen to$/);
      start(process.execPath, [...worker, tmp('roomy')]);
      await once(asker, 'exit');
      assert.equal(await output, local.stdout);
    } finally {
      for (const child of children) child.kill('SIGKILL');
      client.disconnect();
      await redis.kill();
    }
  });
});
