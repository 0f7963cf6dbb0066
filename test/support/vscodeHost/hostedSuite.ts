import { rm } from 'node:fs/promises';
import { readResults, type SuiteResults } from '../results';

/** A Mocha bundle to be run inside an extension host. */
export interface HostedSuite {
  /** Folder of the extension: package.json beside its bundles. */
  readonly extension: string;
  /** Bundled module that exports `run()`, which writes results to the file in `GRAPHNAD_RESULTS`. */
  readonly tests: string;
  /** Folder to open. */
  readonly workspace: string;
  /** Where results are written. */
  readonly results: string;
  /** Milliseconds from opening the window to the end of the tests. */
  readonly timeLimit: number;
}

/**
 * Runs a suite in a host and judges the outcome.
 *
 * @param runHost starts the host, waits for its end and returns its exit code
 * @throws what `runHost` throws, and where there are no results or ones that contradict the exit code
 */
export async function runHosted(suite: HostedSuite, runHost: () => Promise<number | null>): Promise<SuiteResults> {
  await rm(suite.results, { force: true });
  const exitCode = await runHost();
  const results = await readResults(suite.results);
  // An extension host that dies can still report exit code 0: only results count.
  if (!results) throw new Error(`the extension host ended with code ${exitCode} and no results`);
  if (exitCode !== 0 && results.failures.length === 0) {
    throw new Error(`the extension host ended with code ${exitCode} though no test failed`);
  }
  return results;
}
