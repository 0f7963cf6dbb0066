/** A scan of many models by the workers of a queue, in which processes are killed again and again. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, openSync, closeSync, readFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import Redis from 'ioredis';
import { commandLine } from '../../../scripts/lib/product';
import { prefix } from '../../../server/src/jobs/remote/keys';
import { Rng } from '../../../server/src/graph/rng';
import { processesBelow } from '../vscodeHost/hostProcesses';
import { queueHistory, type QueueHistory } from './queueHistory';
import { RedisServer } from './redisServer';

/** What may be killed. */
export const victims = ['worker', 'analysis', 'asker', 'redis'] as const;
export type Victim = (typeof victims)[number];

export interface ChaosOptions {
  /** For the server's data, and what workers keep. */
  readonly folder: string;
  /** Arguments of `graphnad` that ask for the jobs; `--queue` and `--name` are added. */
  readonly command: readonly string[];
  /** Number of jobs that they come to. */
  readonly jobs: number;
  readonly kills: number;
  readonly workers: number;
  /** Decides who is killed. */
  readonly seed: number;
  readonly onKill?: (victim: Victim, done: number) => void;
}

export interface ChaosOutcome extends QueueHistory {
  /** What the asker printed in the end. */
  readonly output: string;
  readonly exitCode: number | null;
  readonly killed: Readonly<Record<Victim, number>>;
  readonly seconds: number;
}

/** Runs the command while processes are killed, spread over the run, and whoever was killed is started again. */
export async function runWithKills(options: ChaosOptions): Promise<ChaosOutcome> {
  const began = performance.now();
  const chaos = new Chaos(options);
  try {
    return { ...(await chaos.run()), seconds: (performance.now() - began) / 1000 };
  } finally {
    await chaos.end();
  }
}

class Chaos {
  private readonly random: Rng;
  private readonly workers: ChildProcess[] = [];
  private asker: ChildProcess | undefined;
  private redis: RedisServer | undefined;
  private client: Redis | undefined;
  private ended = false;

  constructor(private readonly options: ChaosOptions) {
    this.random = new Rng(options.seed, 'kills');
  }

  async run(): Promise<Omit<ChaosOutcome, 'seconds'>> {
    const { folder, kills, jobs, onKill } = this.options;
    const data = path.join(folder, 'redis');
    mkdirSync(data, { recursive: true });
    this.redis = await RedisServer.start({ folder: data });
    this.client = new Redis(this.redis.url, { maxRetriesPerRequest: null });
    this.client.on('error', () => undefined); // it is killed on purpose, and comes back
    for (let i = 0; i < this.options.workers; i++) this.startWorker(i);
    const finished = this.ask();
    const killed: Record<Victim, number> = { worker: 0, analysis: 0, asker: 0, redis: 0 };
    for (let kill = 0; kill < kills; kill++) {
      // Spread over the jobs, the last well before the end.
      await this.untilDone((0.95 * kill * jobs) / kills);
      await delay(this.random.integer(200));
      const victim = await this.kill();
      killed[victim]++;
      onKill?.(victim, await this.done());
    }
    const { output, exitCode } = await finished;
    return { output, exitCode, killed, ...(await queueHistory(this.client)) };
  }

  async end(): Promise<void> {
    this.ended = true;
    this.asker?.kill('SIGKILL');
    for (const worker of this.workers) worker.kill('SIGKILL');
    this.client?.disconnect();
    await this.redis?.kill();
  }

  private startWorker(i: number): void {
    const cache = path.join(this.options.folder, `worker-${i}`);
    const worker = this.start(['worker', '--concurrency', '1', '--cache', cache, '--patience', '2'], 'ignore');
    this.workers[i] = worker;
    worker.once('exit', () => {
      if (!this.ended) this.startWorker(i);
    });
  }

  /** Asks until the command came to its end, however often it is killed. */
  private async ask(): Promise<{ output: string; exitCode: number | null }> {
    const file = path.join(this.options.folder, 'output');
    for (;;) {
      const output = openSync(file, 'w');
      const asker = this.start([...this.options.command, '--name', 'chaos'], output);
      this.asker = asker;
      const exitCode = await new Promise<number | null>((resolve) => asker.once('exit', resolve));
      closeSync(output);
      const text = readFileSync(file, 'utf8');
      // It ends without a word where it is killed, and where the server cannot be reached at first.
      if (text !== '') return { output: text, exitCode };
      await delay(200);
    }
  }

  private start(args: readonly string[], output: 'ignore' | number): ChildProcess {
    const url = this.redis?.url ?? '';
    return spawn(process.execPath, [commandLine, ...args, '--queue', url], {
      stdio: ['ignore', output, 'ignore'],
      // The run is noted there, and not among those of whoever runs this.
      env: { ...process.env, XDG_STATE_HOME: path.join(this.options.folder, 'state') },
    });
  }

  private async kill(): Promise<Victim> {
    for (;;) {
      const victim = victims[this.random.integer(victims.length)];
      if (victim === 'redis') {
        await this.redis?.kill();
        await delay(this.random.integer(300));
        await this.redis?.start();
        return victim;
      }
      const pid = this.pidOf(victim);
      if (pid === undefined) continue;
      try {
        process.kill(pid, 'SIGKILL');
        return victim;
      } catch {
        await delay(10); // it had just ended
      }
    }
  }

  private pidOf(victim: Exclude<Victim, 'redis'>): number | undefined {
    if (victim === 'asker') return this.asker?.pid;
    const worker = this.workers[this.random.integer(this.workers.length)].pid;
    return victim === 'worker' || worker === undefined ? worker : processesBelow(worker, 'worker.js').at(0);
  }

  private async untilDone(count: number): Promise<void> {
    while ((await this.done()) < count) await delay(20);
  }

  private async done(): Promise<number> {
    const [key] = (await this.client?.keys(`${prefix}:jobs-*:completed`)) ?? [];
    return key === undefined ? 0 : ((await this.client?.zcard(key)) ?? 0);
  }
}
