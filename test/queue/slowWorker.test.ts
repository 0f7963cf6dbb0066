import assert from 'node:assert/strict';
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import Redis from 'ioredis';
import { commandLine } from '../../scripts/lib/product';
import { prefix } from '../../server/src/jobs/remote/keys';
import { until } from '../support/processes';
import { queueHistory } from '../support/redis/queueHistory';
import { RedisServer } from '../support/redis/redisServer';
import { useTmpFolder } from '../support/tmpFolder';
import { makeZoo, type Zoo } from '../support/zoo';

/** As a machine is that sleeps, or swaps: nothing is heard from it, and then it comes back. */
describe('a worker that is stopped for a while', function () {
  this.timeout(120_000);
  const models = 2;
  const tmp = useTmpFolder();
  const children: ChildProcess[] = [];
  let zoo: Zoo;
  let redis: RedisServer;
  let client: Redis;

  beforeEach(async function () {
    if (process.platform === 'win32') this.skip(); // it has no signal that stops a process
    zoo = await makeZoo(tmp('made'), { models, graphs: 40 });
    redis = await RedisServer.start({ folder: tmp() });
    client = new Redis(redis.url);
  });
  afterEach(async () => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
    client.disconnect();
    await redis.kill();
  });

  function start(args: readonly string[]): { readonly child: ChildProcess; readonly said: () => string } {
    const env = { ...process.env, XDG_STATE_HOME: tmp('state') };
    const child = spawn(process.execPath, [commandLine, ...args, '--queue', redis.url], {
      ...{ env, stdio: ['ignore', 'pipe', 'pipe'] },
    });
    children.push(child);
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (some: string) => (said += some));
    return { child, said: () => said };
  }
  const worker = (name: string): ReturnType<typeof start> =>
    start(['worker', '--concurrency', '1', '--patience', '1', '--cache', tmp(name)]);
  const scan = (seed: number): string[] => ['scan', zoo.models, '--data', zoo.data, '--json', '--seed', String(seed)];
  const active = async (): Promise<number> => {
    const [key] = await client.keys(`${prefix}:jobs-*:active`);
    return key === undefined ? 0 : client.llen(key);
  };
  const locks = async (): Promise<number> => (await client.keys(`${prefix}:jobs-*:lock`)).length;
  /** Stops the only worker while it has a job, which it may not have heard of yet. */
  async function stopAtJob(child: ChildProcess): Promise<void> {
    for (;;) {
      await until('it has a job', async () => (await active()) === 1);
      child.kill('SIGSTOP');
      if ((await active()) === 1) return;
      child.kill('SIGCONT'); // the job has ended meanwhile
    }
  }
  /** @returns what the asker printed once each of so many jobs has ended, and ended once */
  async function eachOnce(asker: ReturnType<typeof start>, jobs: number): Promise<string> {
    const output = await text(asker.child.stdout!);
    const { ends } = await queueHistory(client);
    assert.equal(ends.size, jobs);
    for (const [job, count] of ends) assert.equal(count, 1, `${job} ended ${count} times`);
    return output;
  }

  it('has lost its job to another, says so, doubles nothing, and goes on with the next', async () => {
    const slow = worker('slow');
    const asker = start(scan(1));
    await stopAtJob(slow.child);
    const other = worker('other');
    const local = spawnSync(process.execPath, [commandLine, ...scan(1)], { encoding: 'utf8' });
    assert.equal(await eachOnce(asker, models), local.stdout);

    slow.child.kill('SIGCONT');
    const givenBack = / given back: nothing was heard from this worker/;
    await until('it says so', () => givenBack.test(slow.said())).catch(() => assert.match(slow.said(), givenBack));
    other.child.kill('SIGTERM');
    await once(other.child, 'exit');
    await eachOnce(start(scan(2)), 2 * models);
    assert.doesNotMatch(slow.said(), /lock|rror|failed/);
  });

  it('takes its own job up again where there is no other', async () => {
    const slow = worker('slow');
    const asker = start(scan(1));
    await stopAtJob(slow.child);
    await until('the queue takes it for dead', async () => (await locks()) === 0);
    await delay(500);
    slow.child.kill('SIGCONT');
    await eachOnce(asker, models);
    assert.doesNotMatch(slow.said(), /lock|rror|failed/);
  });
});
