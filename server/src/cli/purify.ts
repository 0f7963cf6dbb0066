import path from 'node:path';
import type { JobExecutor } from '../jobs/executor';
import { purifyInputs } from '../jobs/purifyInputs';
import { runJob } from '../jobs/workerTasks';
import { checkTarget, writeWhole } from '../jobs/writeWhole';
import { purifyReportText } from '../report/purifyText';
import {
  askedThreads,
  modelOptions,
  parseArguments,
  pathOption,
  withoutOptions,
  type Arguments,
  type Options,
} from './arguments';
import { localExecutor } from './executor';
import { exitCode } from './exitCodes';
import { manifestHelp, manifestOptions } from './manifest';
import { printJson, progressLine, say } from './output';
import { purifyTask } from './purifyTask';
import { queueChoice, queueHelp, queueOptions, runOptions } from './queueOptions';
import { withExecutor } from './withExecutor';

export const purifyHelp = `graphnad purify MODEL --data DIR [options]
graphnad purify --config RECEIPT [options]
  Writes a purified copy of a model, in the same format, and reports what it came to. The original stays as it is.

  --data DIR           data set folder (TU or OGB) with clean graphs
  --holding-rate R     share of the training split that serves as the clean set; default 0.03
  --clean-ids FILE     JSON array of graph ids to use as the clean set instead
  --test-ids FILE      JSON array of graph ids held back for the report; default: the last 20% of a seeded permutation
  --method NAME        graphnad (default), graphnad-paper, finetune, fine-pruning, nad, argd, anp
  --options JSON       settings of the method that differ from its defaults, such as {"teacherRounds": 16};
                       docs/settings.md lists them
  --config FILE        a receipt (or a report with one): model, data, clean graphs and settings of an earlier run, for
                       the same bytes again; or JSON with parts of one, such as settings of the method, which
                       docs/settings.md lists. Options given here come first
  --out FILE           default: MODEL with .purified before its extension. A name in .safetensors or .pt gives a new file
                       of that format, whatever MODEL is
  --overwrite          replace an existing output file
  --report FILE        write the report as JSON, receipt included
  --receipt FILE       write what it takes to repeat the run as JSON
  --trigger FILE       true trigger: its attack success is reported, never trained on or selected by
  --benign MODEL       a model of the same data that was never poisoned; with --trigger, the benign floor is reported:
                       its flip ASR on the same triggered graphs
  --features KIND      auto (default), labels, labels-dense, labels+attributes, attributes, embedded, degree, constant
  --readout KIND       sum, mean or max, where it is known; default: settled by the clean labels
  --architecture FILE  JSON, or a file with it: parts of the architecture that recognition should not guess
${manifestHelp}
  --backend NAME       auto (default), graphnad, tensorflow, cpu
  --threads N          threads that compute; default 0: one a core, four at most
  --seed N             default 0
  --split-seed N       seed by which clean and held-back graphs are chosen, where it is not --seed
${queueHelp}
  --retry              with --queue: try again what was given up
  --json               the report as one JSON document on standard output`;

const text = { type: 'string' } as const;
const options: Options = {
  ...modelOptions,
  ...manifestOptions,
  ...queueOptions,
  ...{ 'holding-rate': text, 'clean-ids': text, 'test-ids': text, method: text, options: text, config: text },
  ...{
    'split-seed': text,
    out: text,
    overwrite: { type: 'boolean' },
    report: text,
    receipt: text,
    trigger: text,
    benign: text,
  },
};

/** The arguments of `graphnad purify`. @throws UsageError */
export function purifyArguments(argv: readonly string[]): Arguments {
  return parseArguments(argv, options, { min: 0, max: 1, what: 'the model file' });
}

/** `graphnad purify`. */
export async function purify(argv: readonly string[], signal: AbortSignal): Promise<number> {
  const args = purifyArguments(argv);
  const queue = queueChoice(args);
  const task = await purifyTask(args);
  const receipt = pathOption(args, 'receipt');
  const given = (...files: (string | undefined)[]): string[] => files.filter((file) => file !== undefined);
  const writing = {
    overwrite: task.overwrite,
    protect: await purifyInputs(task),
    otherOutputs: given(task.output, task.report),
  };
  if (receipt !== undefined) await checkTarget(receipt, writing);
  const threads = askedThreads(args);
  const local = (): JobExecutor => localExecutor({ size: 1, threads });
  const command = ['purify', ...withoutOptions(argv, options, runOptions)];
  return withExecutor({ queue, command, local, signal }, async (executor, own) => {
    const line = progressLine(path.basename(task.model));
    const running = runJob(executor, task, { priority: 'user', signal: own, progress: line.update });
    const report = await running.finally(line.done);
    if (receipt !== undefined) await writeWhole(receipt, `${JSON.stringify(report.receipt, null, 2)}\n`, writing);
    if (args.values.json) printJson(report);
    else say(purifyReportText(report));
    return exitCode.ok;
  });
}
