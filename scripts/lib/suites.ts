/** The suites behind `npm test`: what each runs, and how its outcome is read. */
import { readdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { ensureBrowser } from '../../test/support/browser/fetchBrowser';
import { makeTestExample } from '../../test/support/exampleWorkspace';
import { readResults, type SuiteResults } from '../../test/support/results';
import { installCodeServer } from '../../test/support/vscodeHost/installCodeServer';
import { runCommand, toolCommand } from './command';
import { outFolder, repositoryRoot } from './paths';

/** How long a suite may take, in milliseconds: what takes that long hangs; a machine with much else to do is only slow. */
export const suiteTimeLimit = 20 * 60_000;

export interface Suite {
  readonly name: string;
  /** Further names by which `--only` chooses it. */
  readonly groups: readonly string[];
  /** Whether the bundles and the package must be there first. */
  readonly needsBuild: boolean;
  /** Whether it may run beside others: it prints nothing and measures no time. */
  readonly quiet: boolean;
  /** Whether it may run beside another one that may; what it prints is kept until its end. */
  readonly beside: boolean;
  run(): Promise<SuiteResults>;
}

/** A command that passes by exit code 0; counts as one test. */
export function checkSuite(name: string, groups: readonly string[], commands: readonly (readonly string[])[]): Suite {
  return {
    name,
    groups,
    needsBuild: false,
    quiet: true,
    beside: false,
    async run() {
      for (const command of commands) {
        const { code, timedOut, output } = await runCommand(process.execPath, command, { timeLimit: suiteTimeLimit });
        if (timedOut) return failed(name, 'ran into its time limit');
        if (code !== 0) return failed(name, output.trim());
      }
      return { passes: 1, failures: [], skipped: [] };
    },
  };
}

/** Mocha over files in a process of its own: those that fit a pattern, or a list. */
export function mochaSuite(
  name: string,
  files: string | readonly string[],
  options: {
    readonly needsBuild: boolean;
    /** Default {@link suiteTimeLimit}. */
    readonly timeLimit?: number;
    /** Print what Mocha prints. Default true. */
    readonly show?: boolean;
    /** Default false. */
    readonly beside?: boolean;
    /** Test files that run at once, each in a process of its own. Default 1: all in one, in turn. */
    readonly jobs?: number;
    /** Fetches and makes what tests need: that may take longer than a test may. What is missing then, they tell. */
    readonly prepare?: () => Promise<unknown>;
  },
): Suite {
  const { timeLimit = suiteTimeLimit, show = true, beside = false, jobs = 1, prepare } = options;
  const parallel = jobs > 1 ? ['--parallel', '--jobs', String(jobs)] : [];
  return {
    name,
    groups: [],
    needsBuild: options.needsBuild,
    quiet: false,
    beside,
    async run() {
      const file = resultsFile(name);
      await rm(file, { force: true });
      await prepare?.().catch(() => undefined);
      const { code, timedOut, seconds, output } = await runCommand(
        process.execPath,
        // What tests leave open (a pipe of a child's child) must not keep the run from ending; leftovers have tests of their own.
        [
          ...toolCommand('mocha'),
          '--exit',
          '--reporter',
          path.join('test', 'support', 'reporter.ts'),
          ...parallel,
          ...[files].flat(),
        ],
        {
          env: { ...process.env, GRAPHNAD_RESULTS: file },
          timeLimit,
          show: show && !beside ? 'all' : undefined,
        },
      );
      if (show && beside) process.stdout.write(output);
      if (timedOut) return failed(name, `no end after ${seconds.toFixed(0)} s`);
      const results = await readResults(file);
      if (!results) return failed(name, `Mocha ended with exit code ${code} and no results`);
      if (code !== 0 && results.failures.length === 0) return failed(name, `Mocha ended with exit code ${code}`);
      return results;
    },
  };
}

/**
 * The workbench, driven from outside; on Linux only, where there is a browser host. Every file has a host, a browser and
 * a workspace of its own, and each of them waits for its workbench most of the time.
 */
export const uiSuite = mochaSuite(
  'ui',
  longestFirst('test/ui', ['purify', 'journey/', 'interruptions', 'models', 'backends']),
  {
    needsBuild: true,
    jobs: 2,
    prepare: () => Promise.allSettled([ensureBrowser(), installCodeServer(), makeTestExample()]),
  },
);

/** The test files below a folder, those that take long before the others: one that begins last runs alone in the end. */
function longestFirst(folder: string, long: readonly string[]): readonly string[] {
  const rank = (name: string): number => [...long, ''].findIndex((start) => name.startsWith(start));
  return readdirSync(path.join(repositoryRoot, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.ts'))
    .sort((a, b) => rank(a) - rank(b) || a.localeCompare(b))
    .map((name) => path.join(folder, name));
}

/** A suite that runs inside this process. */
export function hostedSuite(name: string, run: (resultsFile: string) => Promise<SuiteResults>): Suite {
  return { name, groups: [], needsBuild: true, quiet: false, beside: false, run: () => run(resultsFile(name)) };
}

/** Runs a suite; whatever goes wrong becomes a failure of it, and so does a suite without a test. */
export async function runSuite(suite: Suite): Promise<SuiteResults> {
  try {
    const results = await suite.run();
    if (results.passes + results.failures.length === 0) return failed(suite.name, 'ran no test', results.skipped);
    return results;
  } catch (error) {
    return failed(suite.name, error instanceof Error ? error.message : String(error));
  }
}

export function failed(title: string, message: string, skipped: readonly string[] = []): SuiteResults {
  return { passes: 0, failures: [{ title, message }], skipped };
}

function resultsFile(name: string): string {
  return path.join(outFolder, 'results', `${name}.json`);
}
