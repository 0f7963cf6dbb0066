import path from 'node:path';
import { trainModel } from '../jobs/trainTask';
import { onThreads } from '../tensor/threads';
import { parseArguments, threadsOption } from './arguments';
import { exitCode } from './exitCodes';
import { shareText, printJson, progressLine, say } from './output';
import { trainingHelp, trainingOptions, trainRun } from './trainingOptions';

export const trainHelp = `graphnad train --data DIR --out MODEL [options]
  Trains a graph classifier from new weights and writes it.

  --data DIR           data set folder (TU or OGB)
${trainingHelp}`;

/** `graphnad train`. */
export async function train(argv: readonly string[], signal: AbortSignal): Promise<number> {
  const args = parseArguments(argv, trainingOptions, { min: 0, max: 0, what: '' });
  const run = await trainRun(args);
  const threads = threadsOption(args);
  const line = progressLine(path.basename(run.output));
  const report = await onThreads(threads, () => trainModel(run, { signal, progress: line.update })).finally(line.done);
  if (args.values.json) {
    printJson(report);
    return exitCode.ok;
  }
  const { data, acc, trainAcc } = report;
  say(
    `accuracy ${shareText(acc)} on ${data.testGraphs} graphs held back, ${shareText(trainAcc)} on ${data.trainGraphs} trained on`,
  );
  say(`${run.output} written`);
  return exitCode.ok;
}
