/**
 * `npm test [-- --only NAME,NAME]`: every check and suite, or the named ones. The last line counts the tests of all of
 * them; a static check counts as one test, and so does a suite that could not run, as a failure.
 */
import { rmSync } from 'node:fs';
import process from 'node:process';
import type { SuiteResults } from '../../test/support/results';
import { ensureRedis } from '../../test/support/redis/ensureRedis';
import { hasCodeServer } from '../../test/support/vscodeHost/installCodeServer';
import { runInBrowserHost } from '../../test/support/vscodeHost/runInBrowserHost';
import { runOnDesktop } from '../../test/support/vscodeHost/runOnDesktop';
import { toolCommand } from '../lib/command';
import { runHostTests } from '../lib/hostTests';
import { packageExtension } from '../lib/packageExtension';
import { packageFile, testResultsFolder } from '../lib/paths';
import { checkSuite, failed, hostedSuite, mochaSuite, runSuite, type Suite, uiSuite } from '../lib/suites';

const suites: readonly Suite[] = [
  checkSuite(
    'typecheck',
    ['static'],
    [
      [...toolCommand('typescript', 'tsc'), '-p', '.'],
      [...toolCommand('typescript', 'tsc'), '-p', 'webview'],
      [...toolCommand('typescript', 'tsc'), '-p', 'server/src/tensor/kernels'],
    ],
  ),
  checkSuite('eslint', ['static', 'lint'], [[...toolCommand('eslint'), '.', '--max-warnings', '0']]),
  checkSuite(
    'layering',
    ['static', 'lint'],
    [[...toolCommand('dependency-cruiser', 'depcruise'), 'client', 'server', 'webview', 'protocol']],
  ),
  checkSuite('knip', ['static', 'lint'], [toolCommand('knip')]),
  checkSuite('prettier', ['static', 'lint'], [[...toolCommand('prettier'), '--check', '.']]),
  {
    name: 'build',
    groups: ['static'],
    needsBuild: false,
    quiet: true,
    beside: false,
    run: async () => {
      await packageExtension(packageFile);
      return { passes: 1, failures: [], skipped: [] };
    },
  },
  mochaSuite('packaging', 'test/packaging/**/*.test.ts', { needsBuild: true }),
  mochaSuite('unit', 'test/unit/**/*.test.ts', { needsBuild: true, beside: true, jobs: 2, prepare: ensureRedis }),
  mochaSuite('lsp', 'test/lsp/**/*.test.ts', { needsBuild: true, beside: true, prepare: ensureRedis }),
  mochaSuite('queue', 'test/queue/**/*.test.ts', { needsBuild: true, beside: true, prepare: ensureRedis }),
  hostedSuite('vscode', (results) => runHostTests(results, hasCodeServer() ? runInBrowserHost : runOnDesktop)),
  uiSuite,
  hostedSuite('desktop', (results) => runHostTests(results, runOnDesktop)),
];

/** Suites that run without being asked for. `desktop` is what `vscode` does where there is no browser host. */
const standard = suites.filter(({ name }) => name !== 'desktop' && (name !== 'ui' || hasCodeServer()));
/** How many of the suites that may run beside others do. */
const parallel = 2;

interface Outcome {
  readonly suite: Suite;
  readonly results: SuiteResults;
  readonly seconds: number;
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});

async function main(): Promise<void> {
  const chosen = withBuild(choose(process.argv.slice(2)));
  rmSync(testResultsFolder, { recursive: true, force: true });
  const outcomes = await inLanes(chosen.quiet, timed);
  const built = outcomes.every(({ suite, results }) => suite.name !== 'build' || results.failures.length === 0);
  const run = async (suite: Suite): Promise<Outcome> => {
    if (suite.needsBuild && !built) {
      return { suite, results: failed(suite.name, 'not run: the build failed'), seconds: 0 };
    }
    console.log(`\n== ${suite.name}`);
    return timed(suite);
  };
  outcomes.push(...(await inLanes(chosen.beside, run)));
  for (const suite of chosen.alone) outcomes.push(await run(suite));
  if (!hasCodeServer()) console.log('\nThe driven workbench (ui) runs on Linux only; it was not part of this run.');
  outcomes.sort((a, b) => suites.indexOf(a.suite) - suites.indexOf(b.suite));
  process.exitCode = report(outcomes) ? 0 : 1;
}

/** Runs suites in turn, `parallel` at once. */
async function inLanes(chosen: readonly Suite[], run: (suite: Suite) => Promise<Outcome>): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  const queue = [...chosen];
  const lane = async (): Promise<void> => {
    for (let suite = queue.shift(); suite; suite = queue.shift()) outcomes.push(await run(suite));
  };
  await Promise.all(Array.from({ length: parallel }, lane));
  return outcomes;
}

function choose(args: readonly string[]): readonly Suite[] {
  const at = args.indexOf('--only');
  const unknown = args.filter((_, i) => at < 0 || (i !== at && i !== at + 1));
  if (unknown.length > 0) throw new Error(`unknown argument ${unknown[0]}; usage: npm test [-- --only NAME,NAME]`);
  if (at < 0) return standard;
  return (args[at + 1] ?? '').split(',').flatMap((name) => {
    const found = suites.filter((suite) => suite.name === name || suite.groups.includes(name));
    if (found.length > 0) return found;
    throw new Error(`there is no suite ${JSON.stringify(name)}; there are ${suites.map((s) => s.name).join(', ')}`);
  });
}

/** The chosen suites, with the build where one needs it, by the company they bear. */
function withBuild(chosen: readonly Suite[]): Readonly<Record<'quiet' | 'beside' | 'alone', readonly Suite[]>> {
  const needed = new Set(chosen);
  if (chosen.some((suite) => suite.needsBuild)) needed.add(suites.find(({ name }) => name === 'build')!);
  const ordered = suites.filter((suite) => needed.has(suite));
  return {
    quiet: ordered.filter(({ quiet }) => quiet),
    beside: ordered.filter(({ quiet, beside }) => beside && !quiet),
    alone: ordered.filter(({ quiet, beside }) => !quiet && !beside),
  };
}

async function timed(suite: Suite): Promise<Outcome> {
  const started = performance.now();
  const results = await runSuite(suite);
  const seconds = (performance.now() - started) / 1000;
  const mark = results.failures.length > 0 ? 'FAIL' : 'ok  ';
  if (suite.quiet) console.log(`${mark} ${suite.name} (${seconds.toFixed(1)} s)`);
  return { suite, results, seconds };
}

/** Prints failures, what was skipped, a line a suite, and the totals last. */
function report(outcomes: readonly Outcome[]): boolean {
  for (const { suite, results } of outcomes) {
    for (const { title, message } of results.failures) console.log(`\nFAILED ${suite.name}: ${title}\n${message}`);
  }
  for (const { suite, results } of outcomes) {
    for (const title of results.skipped) console.log(`SKIPPED ${suite.name}: ${title}`);
  }
  console.log('');
  for (const { suite, results, seconds } of outcomes) {
    const counts = `${results.passes} passed, ${results.failures.length} failed, ${results.skipped.length} skipped`;
    console.log(`${suite.name.padEnd(10)} ${`${seconds.toFixed(1)} s`.padStart(8)}  ${counts}`);
  }
  const sum = (count: (results: SuiteResults) => number): number =>
    outcomes.reduce((total, { results }) => total + count(results), 0);
  const failures = sum((results) => results.failures.length);
  console.log(`${sum((results) => results.passes)} passed, ${failures} failed`);
  return failures === 0 && outcomes.length > 0;
}
