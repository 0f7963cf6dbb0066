import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import type { PurifyReport } from '../../protocol/reports';
import { runCommand } from '../../scripts/lib/command';
import { repositoryRoot } from '../../scripts/lib/paths';
import { peersFolder, pythonCommand } from './python';
import { takeTurns } from './samples';

/** True figures of a model on its test split; shares in [0, 1]. */
interface Figures {
  readonly acc: number;
  readonly asr: number;
  readonly flipAsr: number;
}

export interface PurifyContestant {
  readonly name: string;
  /** Seconds from the start of the process to its end, one value a turn. */
  readonly seconds: readonly number[];
  /** Largest resident set, one value a turn. */
  readonly peakBytes: readonly number[];
  readonly before: Figures;
  readonly after: Figures;
}

export interface PurifyMeasurement {
  readonly fixture: string;
  readonly contestants: readonly PurifyContestant[];
}

interface Run {
  readonly seconds: number;
  readonly peakBytes: number;
  readonly before: Figures;
  readonly after: Figures;
}

/** Files of a fixture, and the clean and test graphs that both sides are given. */
interface Subject {
  readonly model: string;
  readonly trigger: string;
  readonly data: string;
  readonly cleanIds: string;
  readonly testIds: string;
  readonly output: string;
}

/** What came out is no purified model, so that its time says nothing. */
class NotPurifiedError extends Error {
  override readonly name = 'NotPurifiedError';
}

/**
 * Whole purifications of a fixture, process start included: `graphnad purify` and the PyTorch script, in turns.
 *
 * @param shared folder with `fixtures` and `data`
 * @throws NotPurifiedError where a contestant leaves half of the attack, or loses more than ten points of accuracy
 */
export async function measurePurification(
  shared: string,
  fixture: string,
  threads: readonly number[],
  turns: number,
): Promise<PurifyMeasurement> {
  const folder = await mkdtemp(path.join(tmpdir(), 'graphnad-bench-'));
  try {
    const subject = await prepareSubject(shared, fixture, folder);
    const contestants = [
      { name: 'graphnad purify', run: () => runOurs(subject) },
      ...threads.map((count) => ({
        name: `PyTorch, ${count} ${count === 1 ? 'thread' : 'threads'}`,
        run: () => runPeer(subject, count),
      })),
    ];
    const runs = contestants.map((): Run[] => []);
    const measure = contestants.map(({ name, run }, i) => async (): Promise<number> => {
      const result = await run();
      requirePurified(name, result);
      process.stderr.write(`${fixture}, ${name}: ${result.seconds.toFixed(1)} s\n`);
      runs[i].push(result);
      return result.seconds;
    });
    await takeTurns(turns, measure);
    return {
      fixture,
      contestants: contestants.map(({ name }, i) => ({
        name,
        seconds: runs[i].map((run) => run.seconds),
        peakBytes: runs[i].map((run) => run.peakBytes),
        before: runs[i][0].before,
        after: runs[i][0].after,
      })),
    };
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function prepareSubject(shared: string, fixture: string, folder: string): Promise<Subject> {
  const trigger = path.join(shared, 'fixtures', 'models', `${fixture}.json`);
  const { dataset, splits } = JSON.parse(await readFile(trigger, 'utf8')) as {
    dataset: string;
    splits: { clean: number[]; test: number[] };
  };
  const write = async (name: string, ids: readonly number[]): Promise<string> => {
    const file = path.join(folder, name);
    await writeFile(file, JSON.stringify(ids));
    return file;
  };
  return {
    model: trigger.replace(/json$/, 'pt'),
    trigger,
    data: path.join(shared, 'data', 'tu', dataset),
    cleanIds: await write('clean.json', splits.clean),
    testIds: await write('test.json', splits.test),
    output: path.join(folder, 'purified.pt'),
  };
}

function commonArguments({ model, data, cleanIds, testIds, trigger, output }: Subject): string[] {
  const files = { data, 'clean-ids': cleanIds, 'test-ids': testIds, trigger, out: output };
  return [model, ...Object.entries(files).flatMap(([name, file]) => [`--${name}`, file])];
}

async function runOurs(subject: Subject): Promise<Run> {
  const program = path.join(repositoryRoot, 'dist', 'cli.js');
  if (!existsSync(program)) throw new Error(`${program} is missing: npm run build`);
  // The work is done by a process that the program starts.
  const peakReporter = path.join(__dirname, 'reportPeak.mjs');
  const args = ['--import', peakReporter, program, 'purify', ...commonArguments(subject), '--overwrite', '--json'];
  const { stdout, output, seconds } = await succeed(process.execPath, args);
  const { stages } = JSON.parse(stdout) as PurifyReport;
  const figures = (name: string): Figures => {
    const metrics = stages.find((stage) => stage.name === name)?.true;
    return { acc: metrics?.acc ?? NaN, asr: metrics?.asr ?? NaN, flipAsr: metrics?.flipAsr ?? NaN };
  };
  const [, kilobytes] = /peak-rss (\d+)/.exec(output) ?? [];
  return { seconds, peakBytes: 1024 * Number(kilobytes), before: figures('before'), after: figures('graphnad') };
}

async function runPeer(subject: Subject, threads: number): Promise<Run> {
  const args = [path.join(peersFolder, 'purify.py'), ...commonArguments(subject), '--threads', String(threads)];
  const { stdout, seconds } = await succeed(pythonCommand(), args);
  const { figures, peakBytes } = JSON.parse(stdout) as { figures: Record<string, Figures>; peakBytes: number };
  return { seconds, peakBytes, before: figures.before, after: figures.graphnad };
}

export interface MemoryMeasurement {
  readonly fixture: string;
  readonly rows: readonly {
    readonly name: string;
    /** How many times the usual epochs. */
    readonly epochs: number;
    readonly peakBytes: number;
  }[];
}

/** Largest resident set of a purification with the usual number of epochs and with three times as many. */
export async function measureMemory(shared: string, fixture: string): Promise<MemoryMeasurement> {
  const folder = await mkdtemp(path.join(tmpdir(), 'graphnad-bench-'));
  try {
    const subject = await prepareSubject(shared, fixture, folder);
    const rows: { name: string; epochs: number; peakBytes: number }[] = [];
    for (const epochs of [1, 3]) {
      const script = path.join(__dirname, 'purifyOnce.ts');
      const ours = await succeed(process.execPath, ['--import', 'tsx', script, shared, fixture, String(epochs)]);
      const args = [...commonArguments(subject), '--threads', '1', '--epochs-factor', String(epochs)];
      const peer = await succeed(pythonCommand(), [path.join(peersFolder, 'purify.py'), ...args]);
      for (const [name, { stdout }] of [['graphnad', ours] as const, ['PyTorch', peer] as const]) {
        rows.push({ name, epochs, peakBytes: (JSON.parse(stdout) as { peakBytes: number }).peakBytes });
      }
    }
    return { fixture, rows };
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function succeed(command: string, args: readonly string[]): ReturnType<typeof runCommand> {
  const outcome = await runCommand(command, args, { timeLimit: 3600_000 });
  if (outcome.code === 0) return outcome;
  throw new Error(`${[command, ...args].join(' ')} failed:\n${outcome.output.slice(-2000)}`);
}

function requirePurified(name: string, { before, after }: Run): void {
  if (after.flipAsr <= before.flipAsr / 2 && after.acc >= before.acc - 0.1) return;
  const text = ({ acc, flipAsr }: Figures): string => `accuracy ${acc.toFixed(3)}, flip ASR ${flipAsr.toFixed(3)}`;
  throw new NotPurifiedError(`${name} did not purify: ${text(before)} became ${text(after)}`);
}
