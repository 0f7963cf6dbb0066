import path from 'node:path';
import { evaluateModel } from '../jobs/evaluateTask';
import { onThreads } from '../tensor/threads';
import {
  benignOption,
  idFile,
  modelOptions,
  modelTask,
  parseArguments,
  pathOption,
  requiredText,
  text,
  threadsOption,
} from './arguments';
import { exitCode } from './exitCodes';
import { printJson, say, shareText } from './output';

export const evaluateHelp = `graphnad evaluate MODEL --data DIR [--trigger FILE [--benign MODEL]] [options]
  Accuracy on the test split and, with a trigger file, the true attack success rate.

  --data DIR           TU or OGB data set folder
  --trigger FILE       trigger file (JSON); see the user guide
  --benign MODEL       a model of the same data that was never poisoned: its flip ASR on the same triggered graphs is
                       the benign floor
  --test-ids FILE      JSON array of test graph ids; default: the last 20% of a seeded permutation
  --clean-ids FILE     JSON array of ids that are known to be clean, and so are not tested on
  --features KIND      auto (default), labels, labels-dense, labels+attributes, attributes, embedded, degree, constant
  --readout KIND       sum, mean or max, where it is known
  --architecture FILE  JSON, or a file with it: parts of the architecture that recognition should not guess
  --backend NAME       auto (default), graphnad, tensorflow, cpu
  --threads N          threads that compute; default 0: one a core, four at most
  --seed N             default 0
  --json               one JSON document on standard output`;

/** `graphnad evaluate`. */
export async function evaluate(argv: readonly string[]): Promise<number> {
  const args = parseArguments(
    argv,
    {
      ...modelOptions,
      trigger: { type: 'string' },
      benign: { type: 'string' },
      'test-ids': { type: 'string' },
      'clean-ids': { type: 'string' },
    },
    { min: 1, max: 1, what: 'the model file' },
  );
  requiredText(args, 'data');
  const { data = '', ...task } = await modelTask(args);
  const asked = {
    ...task,
    model: path.resolve(args.positionals[0]),
    data,
    trigger: pathOption(args, 'trigger'),
    benign: benignOption(args),
    testIds: await idFile(args, 'test-ids'),
    cleanIds: await idFile(args, 'clean-ids'),
  };
  const result = await onThreads(threadsOption(args), () => evaluateModel(asked));
  if (args.values.json) {
    printJson(result);
    return exitCode.ok;
  }
  say(`accuracy ${shareText(result.acc)} on ${result.testGraphs} test graphs`);
  if (text(args, 'trigger') !== undefined) {
    say(
      `attack success rate ${shareText(result.asr)}, flip ASR ${shareText(result.flipAsr)}, ` +
        `clean target rate ${shareText(result.cleanTargetRate)} on ${result.attackedGraphs ?? 0} test graphs`,
    );
  }
  if (result.benign) {
    const { file, acc, flipAsr } = result.benign;
    say(`benign floor: flip ASR ${shareText(flipAsr)} of ${file}, accuracy ${shareText(acc)}`);
  }
  return exitCode.ok;
}
