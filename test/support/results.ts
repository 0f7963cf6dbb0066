/** What a test suite came to: the one form in which every kind of suite reports. */
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';

export interface SuiteResults {
  readonly passes: number;
  readonly failures: readonly { readonly title: string; readonly message: string }[];
  /** Titles of the tests that said they could not run. */
  readonly skipped: readonly string[];
}

/** The part of Mocha's runner and tests that results come from. */
interface Runner {
  on(event: 'pass' | 'pending', listener: (test: Test) => void): unknown;
  on(event: 'fail', listener: (test: Test, error: unknown) => void): unknown;
}
interface Test {
  fullTitle(): string;
}

/** Listens to a Mocha runner; the returned function gives what has come in so far. */
export function collectResults(runner: Runner): () => SuiteResults {
  let passes = 0;
  const failures: { title: string; message: string }[] = [];
  const skipped: string[] = [];
  runner.on('pass', () => passes++);
  runner.on('pending', (test) => skipped.push(test.fullTitle()));
  runner.on('fail', (test, error) => {
    failures.push({ title: test.fullTitle(), message: messageOf(error) });
  });
  return () => ({ passes, failures, skipped });
}

/** From a test in a process of its own comes an error's data, which is no Error any more. */
function messageOf(error: unknown): string {
  const { stack, message } = (error ?? {}) as { readonly stack?: unknown; readonly message?: unknown };
  return [stack, message].find((text) => typeof text === 'string') ?? String(error);
}

/** Writes results whole: a reader sees all of them or none. */
export function writeResults(file: string, results: SuiteResults): void {
  mkdirSync(path.dirname(file), { recursive: true });
  const partial = `${file}.${process.pid}`;
  try {
    writeFileSync(partial, JSON.stringify(results));
    renameSync(partial, file);
  } catch (error) {
    rmSync(partial, { force: true });
    throw error;
  }
}

/** Reads what `writeResults` wrote; undefined where there is none. */
export async function readResults(file: string): Promise<SuiteResults | undefined> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as SuiteResults);
}
