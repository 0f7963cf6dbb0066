import process from 'node:process';
import type { RunRecord } from '../jobs/remote/runBook';
import { visible } from '../report/visible';
import { parseArguments, UsageError } from './arguments';
import { bench } from './bench';
import { commandText, wholeCommandText } from './commandText';
import { exitCode } from './exitCodes';
import { say } from './output';
import { ownRun, type OwnRun } from './ownRuns';
import { purify } from './purify';
import { noSuchRun, withRuns } from './queueRuns';
import { queueOptions, requiredQueue, runName, shownQueue, type QueueChoice } from './queueOptions';
import { scan } from './scan';

export const attachHelp = `graphnad attach NAME --queue URL
  Comes back to a run that was begun with --queue and left: waits for it, and prints what came of it.

  It says the command of the run again, in the folder that it was given in; what is done or under way is not done again.
  graphnad runs lists runs. One that was begun from another account or machine is not repeated on the word of the queue:
  its command is shown, to give it yourself.

  --queue URL    redis://[USER@]HOST:PORT, or rediss:// for TLS. The password may come from the environment variable
                 GRAPHNAD_QUEUE_PASSWORD
  --detach       ask for what the run needs next, and leave it again`;

/** Commands that a run can be of. */
const commands: Readonly<Record<string, typeof scan | undefined>> = { scan, purify, bench };

/** `graphnad attach`. Exit codes are those of the command; 2 where the run is not known, or not as one of this account. */
export async function attach(argv: readonly string[], signal: AbortSignal): Promise<number> {
  const { queue, detach } = queueOptions;
  const args = parseArguments(argv, { queue, detach }, { min: 1, max: 1, what: 'the name of the run' });
  const name = runName(args.positionals[0]);
  const choice = requiredQueue(args);
  const record = await withRuns(choice, (runs) => runs.record(name));
  if (record === undefined) {
    say(noSuchRun(name, choice));
    return exitCode.failed;
  }
  const own = await ownRun(shownQueue(choice.address), name);
  const [command, ...rest] = (own ?? record).command;
  const run = Object.hasOwn(commands, command) ? commands[command] : undefined;
  if (run === undefined) throw new UsageError(`${name} is no run of this version`);
  if (own === undefined) {
    sayForeign(name, record, choice);
    return exitCode.failed;
  }
  say(`graphnad: ${name} is ${commandText(own.command)}, in ${visible(own.folder)}`);
  enter(own);
  return run([...rest, '--queue', choice.url, '--name', name, ...(choice.detach ? ['--detach'] : [])], signal);
}

/** Whoever can write to the queue could have anything said in this account's name: a person has to look at it. */
function sayForeign(name: string, { command, folder, host }: RunRecord, { address }: QueueChoice): void {
  say(
    `graphnad: ${name} was begun on ${visible(host)}, in ${visible(folder)}, and not from this account on this machine.`,
  );
  say('  To come back to it from here, look at its command, and give it yourself in the folder with its files:');
  say(`  ${wholeCommandText([...command, '--name', name, '--queue', shownQueue(address)])}`);
}

function enter({ folder }: OwnRun): void {
  try {
    process.chdir(folder);
  } catch {
    throw new UsageError(`it was begun in the folder ${visible(folder)}, which is not there any more`);
  }
}
