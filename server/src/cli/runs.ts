import process from 'node:process';
import type { ListedRun } from '../jobs/remote/runBook';
import type { RunProgress } from '../jobs/remote/runControl';
import { visible } from '../report/visible';
import { parseArguments } from './arguments';
import { commandText } from './commandText';
import { exitCode } from './exitCodes';
import { printJson, say } from './output';
import { queueOptions, requiredQueue } from './queueOptions';
import { withRuns } from './queueRuns';

export const runsHelp = `graphnad runs --queue URL [options]
  Lists the runs of a queue, of the last week: their names, how far they are, when and where they were begun.

  --queue URL    redis://[USER@]HOST:PORT, or rediss:// for TLS. The password may come from the environment variable
                 GRAPHNAD_QUEUE_PASSWORD
  --json         as one JSON document on standard output`;

type RunWithProgress = ListedRun & { readonly progress: RunProgress };

/** `graphnad runs`. */
export async function runs(argv: readonly string[]): Promise<number> {
  const { queue } = queueOptions;
  const args = parseArguments(argv, { queue, json: { type: 'boolean' } }, { min: 0, max: 0, what: '' });
  const listed = await withRuns(requiredQueue(args), async (control) => {
    const all: RunWithProgress[] = [];
    for (const run of await control.list()) all.push({ ...run, progress: await control.progress(run.name) });
    return all;
  });
  if (args.values.json) printJson({ runs: listed });
  else if (listed.length === 0) say('there are no runs');
  else process.stdout.write(listed.map(runText).join('\n'));
  return exitCode.ok;
}

/** A run in three lines. */
function runText({ name, command, folder, host, begun, progress }: RunWithProgress): string {
  const when = new Date(begun).toISOString().replace(/\.\d+Z$/, 'Z');
  return [
    `${visible(name)}: ${progressText(progress)}`,
    `  begun ${when} on ${visible(host)}, in ${visible(folder)}`,
    `  ${commandText(command)}`,
    '',
  ].join('\n');
}

/** Such as `3 of 5 jobs done, 1 failed, 1 running`. */
function progressText({ waiting, running, done, failed }: RunProgress): string {
  const total = waiting + running + done + failed;
  const parts: [number, string][] = [
    [failed, 'failed'],
    [running, 'running'],
    [waiting, 'waiting'],
  ];
  const others = parts.filter(([count]) => count > 0).map(([count, word]) => `${count} ${word}`);
  return [`${done} of ${total} jobs done`, ...others].join(', ');
}
