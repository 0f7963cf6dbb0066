/** Finds a Redis or Valkey server for tests, or takes one out of Debian's packages. */
import { mkdir, readdir } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { mustRun, runCommand } from '../../../scripts/lib/command';
import { findProgram } from '../../../scripts/lib/findProgram';
import { makeFolderOnce } from '../../../scripts/lib/makeFolderOnce';
import { hostFolder } from '../../../scripts/lib/paths';

export interface RedisProgram {
  readonly executable: string;
  readonly env: NodeJS.ProcessEnv;
}

const names = ['redis-server', 'valkey-server'];
const timeLimit = 120_000;

let found: Promise<RedisProgram> | undefined;

/**
 * A server to start. Where the machine has none, Debian's package and the libraries it needs are unpacked into the
 * folder of test hosts: nothing is installed, and no rights are needed.
 *
 * @throws an error that says what was tried and what to install
 */
export function ensureRedis(): Promise<RedisProgram> {
  return (found ??= findOrFetch());
}

async function findOrFetch(): Promise<RedisProgram> {
  const installed = findProgram(names);
  if (installed !== undefined) return { executable: installed, env: process.env };
  try {
    const root = await makeFolderOnce(path.join(hostFolder, 'redis'), unpackPackages);
    const program = { executable: path.join(root, 'usr/bin/redis-server'), env: await environment(root) };
    await mustRun(program.executable, ['--version'], { env: program.env, timeLimit: 30_000 });
    return program;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(
      'No Redis server was found and none could be fetched. Install one (on Debian: apt-get install redis-server; on ' +
        `macOS: brew install redis), or put ${names.join(' or ')} on the PATH.\n${reason}`,
      { cause: error },
    );
  }
}

/** Lists and packages are kept in the folder itself, so that this works beside the system's own and without its rights. */
async function unpackPackages(folder: string): Promise<void> {
  console.error('No Redis server found: fetching that of Debian ...');
  const apt = path.join(folder, 'apt');
  const archives = path.join(apt, 'archives');
  for (const one of ['lists/partial', 'archives/partial']) await mkdir(path.join(apt, one), { recursive: true });
  const options = Object.entries({
    'Dir::State::Lists': path.join(apt, 'lists'),
    'Dir::Cache': apt,
    'Dir::Cache::archives': archives,
    'Debug::NoLocking': '1',
  }).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
  // A list that cannot be had is told by its exit code, but may not be the one that is needed.
  await runCommand('apt-get', [...options, '-qq', 'update'], { timeLimit });
  const install = ['-qq', '-y', '--no-install-recommends', '--download-only', 'install', 'redis-server'];
  await mustRun('apt-get', [...options, ...install], { timeLimit });
  for (const name of await readdir(archives)) {
    if (name.endsWith('.deb')) await mustRun('dpkg-deb', ['-x', path.join(archives, name), folder], { timeLimit });
  }
}

async function environment(root: string): Promise<NodeJS.ProcessEnv> {
  const libraries = path.join(root, 'usr/lib');
  const folders = (await readdir(libraries, { withFileTypes: true })).filter((entry) => entry.isDirectory());
  const places = [...folders.map(({ name }) => path.join(libraries, name)), process.env.LD_LIBRARY_PATH];
  return { ...process.env, LD_LIBRARY_PATH: places.filter(Boolean).join(path.delimiter) };
}
