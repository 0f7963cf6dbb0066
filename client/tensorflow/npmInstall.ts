import { spawn } from 'node:child_process';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { NpmCommand } from './findNpm';
import { npmFailure } from './npmFailure';

/** npm could not install a package. */
export class InstallError extends Error {
  override readonly name = 'InstallError';

  constructor(
    readonly reason: string,
    /** Last lines that were written, oldest first. */
    readonly output: readonly string[],
  ) {
    super(reason);
  }
}

export interface InstallOptions {
  readonly npm: NpmCommand;
  /** Package as npm takes it: name and version, or a folder. */
  readonly spec: string;
  /** Folder that holds `node_modules` afterwards. What it held is replaced, and kept where the installation fails. */
  readonly folder: string;
  readonly signal: AbortSignal;
  /** Awaited before what the folder holds is replaced: Windows does not replace files in use. */
  readonly beforeReplace?: () => Promise<void>;
  /** Hears each line that npm and the install scripts write. */
  readonly onLine: (line: string) => void;
}

const keptLines = 200;

/**
 * Installs a package into a folder of its own, whole or not at all. The package's install scripts run.
 *
 * @throws InstallError; the signal's reason once it is aborted and every process has ended
 */
export async function npmInstall(options: InstallOptions): Promise<void> {
  const { npm, spec, folder, signal } = options;
  const unfinished = `${folder}.unfinished`;
  await rm(unfinished, { recursive: true, force: true });
  try {
    await mkdir(unfinished, { recursive: true });
    await writeFile(path.join(unfinished, 'package.json'), '{ "private": true }\n');
    await run([...npm, 'install', ...flags, spec], unfinished, options);
    signal.throwIfAborted();
    await options.beforeReplace?.();
    await rm(folder, { recursive: true, force: true });
    await rename(unfinished, folder);
  } finally {
    await rm(unfinished, { recursive: true, force: true, maxRetries: 5 });
  }
}

// Scripts are what fetches the native part, and their output tells how it goes. Links would point to the old name.
const flags = ['--ignore-scripts=false', '--foreground-scripts', '--install-links', '--no-audit', '--no-fund'];

async function run(
  [program, ...args]: readonly string[],
  cwd: string,
  { signal, onLine }: Pick<InstallOptions, 'signal' | 'onLine'>,
): Promise<void> {
  // A group of its own: install scripts start programs, which have to end with npm.
  const child = spawn(program, args, {
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: process.platform !== 'win32',
  });
  const output: string[] = [];
  for (const input of [child.stdout, child.stderr]) {
    createInterface({ input }).on('line', (line) => {
      output.push(line);
      if (output.length > keptLines) output.shift();
      onLine(line);
    });
  }
  const kill = (): void => killTree(child.pid);
  signal.addEventListener('abort', kill, { once: true });
  if (signal.aborted) kill();
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once('error', (error) => reject(new InstallError(`npm could not be started: ${error.message}`, output)));
      child.once('close', resolve);
    });
    signal.throwIfAborted();
    if (code !== 0) throw new InstallError(npmFailure(code, output), output.slice(-20));
  } finally {
    signal.removeEventListener('abort', kill);
  }
}

function killTree(pid: number | undefined): void {
  if (pid === undefined) return;
  if (process.platform === 'win32') {
    spawn('taskkill', ['/pid', String(pid), '/t', '/f'], { stdio: 'ignore' });
    return;
  }
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}
