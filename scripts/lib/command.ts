/** Runs other programs to their end, within a time limit, leaving no process behind. */
import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { repositoryRoot } from './paths';

export interface CommandOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Milliseconds until the whole process group is ended; default 10 minutes. */
  readonly timeLimit?: number;
  /** What goes to the terminal at once instead of being collected; default nothing. */
  readonly show?: 'all' | 'stderr';
}

export interface CommandOutcome {
  /** Exit code; null where a signal ended the program. */
  readonly code: number | null;
  readonly timedOut: boolean;
  /** Standard output, where collected. */
  readonly stdout: string;
  /** Standard output and error in the order of arrival, where collected. */
  readonly output: string;
  readonly seconds: number;
}

/** A program that did not end with exit code 0. */
class CommandError extends Error {
  constructor(
    readonly commandLine: string,
    readonly outcome: CommandOutcome,
  ) {
    const how = outcome.timedOut ? 'ran into its time limit' : `failed with exit code ${outcome.code}`;
    super(`${commandLine} ${how}\n${outcome.output.slice(-4000)}`.trimEnd());
    this.name = 'CommandError';
  }
}

/** Milliseconds between asking a process to end and ending it. */
export const endGrace = 5_000;

/**
 * Runs a program and reports how it ended, whatever that was.
 *
 * @throws where the program cannot be started
 */
export async function runCommand(
  command: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<CommandOutcome> {
  const { cwd = repositoryRoot, env = process.env, timeLimit = 600_000, show } = options;
  const started = performance.now();
  const child = spawn(command, args, {
    cwd,
    env,
    stdio: ['ignore', show === 'all' ? 'inherit' : 'pipe', show ? 'inherit' : 'pipe'],
    detached: process.platform !== 'win32',
  });
  stopWithUs(child);
  let stdout = '';
  let output = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    output += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (output += text));
  let timedOut = false;
  const timers = [
    setTimeout(() => {
      timedOut = true;
      killGroup(child, 'SIGTERM');
    }, timeLimit),
    // Only a program that hears of its end can end what it started in groups of their own.
    setTimeout(() => killGroup(child, 'SIGKILL'), timeLimit + endGrace),
  ];
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    });
    return { code, timedOut, stdout, output, seconds: (performance.now() - started) / 1000 };
  } finally {
    timers.forEach(clearTimeout);
  }
}

/**
 * Runs a program that must succeed.
 *
 * @throws CommandError where it does not
 */
export async function mustRun(
  command: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<CommandOutcome> {
  const outcome = await runCommand(command, args, options);
  if (outcome.code !== 0 || outcome.timedOut) throw new CommandError([command, ...args].join(' '), outcome);
  return outcome;
}

/** Arguments for `node` that start one of our development tools by its package name, without a shell. */
export function toolCommand(packageName: string, binary = packageName.replace(/^@[^/]+\//, '')): string[] {
  const folder = path.join(repositoryRoot, 'node_modules', packageName);
  const { bin } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as {
    bin: string | Record<string, string>;
  };
  return [path.join(folder, typeof bin === 'string' ? bin : bin[binary])];
}

/** Ends a process and all it started. */
export function killGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    if (process.platform === 'win32') child.kill(signal);
    else process.kill(-child.pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

const running = new Set<ChildProcess>();

/** Ends a detached process when this one ends, however that happens short of SIGKILL. */
export function stopWithUs(child: ChildProcess): void {
  if (running.size === 0) {
    process.once('exit', stopAll);
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, exitOnSignal);
  }
  running.add(child);
  child.once('exit', () => {
    running.delete(child);
    if (running.size > 0) return;
    process.off('exit', stopAll);
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, exitOnSignal);
  });
}

function stopAll(): void {
  for (const child of running) killGroup(child, 'SIGKILL');
}

function exitOnSignal(): void {
  process.exit(130);
}
