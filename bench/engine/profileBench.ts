import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { runCommand } from '../../scripts/lib/command';
import { repositoryRoot } from '../../scripts/lib/paths';
import { readCpuProfile, timeByLabel, type StackTime } from './cpuProfile';
import { operationRules, stageRules } from './operations';

/** Where the time of a program goes. */
export interface ProfileMeasurement {
  readonly title: string;
  readonly milliseconds: number;
  /** Milliseconds by stage; none for a single step. */
  readonly stages: readonly (readonly [label: string, milliseconds: number])[];
  /** Milliseconds by operation. */
  readonly operations: readonly (readonly [label: string, milliseconds: number])[];
}

/** Profiles a whole `graphnad purify` of a fixture. @param shared folder with `fixtures` and `data` */
export async function profilePurification(shared: string, fixture: string): Promise<ProfileMeasurement> {
  const model = path.join(shared, 'fixtures', 'models', `${fixture}.pt`);
  const data = path.join(shared, 'data', 'tu', fixture.split('-')[0].toUpperCase());
  const times = await profiled((folder) => [
    ...[path.join(repositoryRoot, 'dist', 'cli.js'), 'purify', model, '--data', data],
    ...['--out', path.join(folder, 'purified.pt')],
  ]);
  return { ...summary(`graphnad purify, ${fixture}`, times), stages: timeByLabel(times, stageRules) };
}

/** Profiles training steps of the GIN; what comes before them is left out. @param folder TU data set PROTEINS */
export async function profileSteps(folder: string, steps: number): Promise<ProfileMeasurement> {
  const script = path.join(__dirname, 'trainSteps.ts');
  const times = await profiled(() => ['--import', 'tsx', script, folder, String(steps)]);
  const own = times.filter(({ stack }) => stack.some(({ name }) => name === 'profiledSteps'));
  return { ...summary(`${steps} training steps, GIN 3x64, PROTEINS, batch 32`, own), stages: [] };
}

async function profiled(args: (folder: string) => readonly string[]): Promise<StackTime[]> {
  const folder = await mkdtemp(path.join(tmpdir(), 'graphnad-profile-'));
  try {
    const options = ['--cpu-prof', `--cpu-prof-dir=${path.join(folder, 'profiles')}`];
    const outcome = await runCommand(process.execPath, [...options, ...args(folder)], { timeLimit: 3600_000 });
    if (outcome.code !== 0) throw new Error(`profiling failed:\n${outcome.output.slice(-2000)}`);
    const files = await readdir(path.join(folder, 'profiles'));
    // Threads write profiles of their own; they wait in them, or do parts of what the main thread's profile shows.
    const profiles = files.map((file) => readCpuProfile(path.join(folder, 'profiles', file)));
    return profiles.reduce((a, b) => (total(b) > total(a) && isMain(b) ? b : a));
  } finally {
    await rm(folder, { recursive: true });
  }
}

function isMain(times: readonly StackTime[]): boolean {
  return times.some(({ stack }) => stack.some(({ file }) => file.includes('run_main_module')));
}

function total(times: readonly StackTime[]): number {
  return times.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
}

function summary(title: string, times: readonly StackTime[]): Omit<ProfileMeasurement, 'stages'> {
  return { title, milliseconds: total(times), operations: timeByLabel(times, operationRules) };
}
