import { predictModel } from '../jobs/predictTask';
import { onThreads } from '../tensor/threads';
import { idList, modelOptions, modelTask, parseArguments, requiredText, threadsOption } from './arguments';
import path from 'node:path';
import { exitCode } from './exitCodes';
import { printJson } from './output';

export const predictHelp = `graphnad predict MODEL --data DIR [options]
  Logits of a model on the graphs of a data set, as JSON.

  --data DIR           TU or OGB data set folder
  --graphs 0,1,5       only these graphs; default: all, in data set order
  --features KIND      auto (default), labels, labels-dense, labels+attributes, attributes, embedded, degree, constant
  --readout KIND       sum, mean or max, where it is known; default: sum
  --architecture FILE  JSON, or a file with it: parts of the architecture that recognition should not guess
  --backend NAME       auto (default), graphnad, tensorflow, cpu
  --threads N          threads that compute; default 0: one a core, four at most
  --json               accepted for symmetry: the output is JSON always`;

/** `graphnad predict`. */
export async function predict(argv: readonly string[]): Promise<number> {
  const args = parseArguments(
    argv,
    { ...modelOptions, graphs: { type: 'string' } },
    { min: 1, max: 1, what: 'the model file' },
  );
  requiredText(args, 'data');
  const { data = '', ...task } = await modelTask(args);
  const asked = { ...task, model: path.resolve(args.positionals[0]), data, graphs: idList(args, 'graphs') };
  printJson(await onThreads(threadsOption(args), () => predictModel(asked)));
  return exitCode.ok;
}
