import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import process from 'node:process';
import { commandLine } from '../../scripts/lib/product';

/** A command of `graphnad` that was run to its end. */
export interface Finished {
  readonly seconds: number;
  readonly output: string;
}

/** @throws where it does not end with a result */
export async function graphnad(args: readonly string[]): Promise<Finished> {
  const began = performance.now();
  const child = spawn(process.execPath, [commandLine, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  let errors = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  await once(child, 'close');
  if (output === '') throw new Error(`graphnad ${args.join(' ')}: ${errors}`);
  return { seconds: (performance.now() - began) / 1000, output };
}

/** A worker that is ready for jobs. */
export interface RunningWorker {
  readonly child: ChildProcess;
  stop(): Promise<void>;
}

export async function startWorker(url: string, concurrency: number, cache: string): Promise<RunningWorker> {
  const child = spawn(
    process.execPath,
    [commandLine, 'worker', '--queue', url, '--concurrency', String(concurrency), '--cache', cache],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  // Its first line says that it is there.
  await once(createInterface(child.stderr), 'line');
  child.stderr.resume();
  return {
    child,
    async stop() {
      child.kill('SIGTERM');
      if (child.exitCode === null) await once(child, 'exit');
    },
  };
}
