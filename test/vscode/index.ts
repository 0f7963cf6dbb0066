/** Runs the Mocha suites beside this file inside an extension host, which calls `run` with its `vscode` module at hand. */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { collectResults, writeResults } from '../support/results';

/** @throws where a test fails; the results file says which */
export async function run(): Promise<void> {
  const file = process.env.GRAPHNAD_RESULTS;
  if (!file) throw new Error('GRAPHNAD_RESULTS does not name a results file');
  const { default: Mocha } = await import('mocha');
  const mocha = new Mocha({ ui: 'bdd', timeout: 60_000, color: false, forbidOnly: true });
  for (const name of readdirSync(__dirname)) {
    if (name.endsWith('.test.js')) mocha.addFile(path.join(__dirname, name));
  }
  await mocha.loadFilesAsync();
  const failures = await new Promise<number>((resolve) => {
    const runner = mocha.run((count) => {
      writeResults(file, results());
      resolve(count);
    });
    const results = collectResults(runner);
  });
  if (failures > 0) throw new Error(`${failures} tests failed`);
}
