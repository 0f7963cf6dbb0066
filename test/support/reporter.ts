/** Mocha's usual output, and a results file for whoever started Mocha with `GRAPHNAD_RESULTS=FILE`. */
import { type MochaOptions, reporters, type Runner } from 'mocha';
import { collectResults, writeResults } from './results';

export default class Reporter extends reporters.Spec {
  constructor(runner: Runner, options: MochaOptions) {
    super(runner, options);
    const file = process.env.GRAPHNAD_RESULTS;
    if (!file) return;
    const results = collectResults(runner);
    runner.once('end', () => writeResults(file, results()));
  }
}
