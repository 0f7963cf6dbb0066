import { plural } from '../../../protocol/numberText';
import { parseArguments } from './arguments';
import { exitCode } from './exitCodes';
import { say } from './output';
import { queueOptions, requiredQueue, runName } from './queueOptions';
import { noSuchRun, withRuns } from './queueRuns';

export const cancelHelp = `graphnad cancel NAME --queue URL
  Ends a run that was begun with --queue: its jobs are taken out of the queue, and ended where they run, unless another
  run wants them as well.

  --queue URL    redis://[USER@]HOST:PORT, or rediss:// for TLS. The password may come from the environment variable
                 GRAPHNAD_QUEUE_PASSWORD`;

/** `graphnad cancel`. Exit code 2 where there is no such run. */
export async function cancel(argv: readonly string[]): Promise<number> {
  const { queue } = queueOptions;
  const args = parseArguments(argv, { queue }, { min: 1, max: 1, what: 'the name of the run' });
  const name = runName(args.positionals[0]);
  const choice = requiredQueue(args);
  const ended = await withRuns(choice, (runs) => runs.cancel(name));
  say(ended === undefined ? noSuchRun(name, choice) : `${name} is cancelled: ${plural(ended, 'job')} ended`);
  return ended === undefined ? exitCode.failed : exitCode.ok;
}
