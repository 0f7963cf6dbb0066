import path from 'node:path';
import { makeExampleWorkspace } from '../jobs/exampleWorkspace';
import { defaultThreads, onThreads } from '../tensor/threads';
import { parseArguments, seedOption } from './arguments';
import { exitCode } from './exitCodes';
import { say } from './output';

export const exampleHelp = `graphnad example DIR [options]
  Makes a small workspace to try everything on: a synthetic data set, a clean and a backdoored model, and the trigger.

  --seed N             the same seed gives the same bytes; default 0`;

/** `graphnad example`. */
export async function example(argv: readonly string[], signal: AbortSignal): Promise<number> {
  const args = parseArguments(argv, { seed: { type: 'string' } }, { min: 1, max: 1, what: 'the folder to make' });
  const folder = path.resolve(args.positionals[0]);
  const seed = seedOption(args);
  await onThreads(defaultThreads(), () => makeExampleWorkspace(folder, seed, { signal, progress: say }));
  return exitCode.ok;
}
