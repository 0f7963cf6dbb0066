import path from 'node:path';
import { purificationMethods } from '../defense/options';
import { runTask } from '../jobs/runTask';
import { purifyReportText } from '../report/purifyText';
import { limitThreads } from '../tensor/threads';
import {
  choice,
  idFile,
  modelOptions,
  modelTask,
  parseArguments,
  pathOption,
  requiredText,
  shareOption,
  threadsOption,
} from './arguments';
import { exitCode } from './exitCodes';
import { printJson, progressLine, say } from './output';

export const purifyHelp = `graphnad purify MODEL --data DIR [options]
  Writes a purified copy of a model, in the same format, and reports what it came to. The original stays as it is.

  --data DIR           TU data set folder with clean graphs
  --holding-rate R     share of the training split that serves as the clean set; default 0.03
  --clean-ids FILE     JSON array of graph ids to use as the clean set instead
  --test-ids FILE      JSON array of graph ids held back for the report; default: the last 20% of a seeded permutation
  --method NAME        graphnad (default), graphnad-paper, finetune
  --out FILE           default: MODEL with .purified before its extension
  --overwrite          replace an existing output file
  --report FILE        write the report as JSON
  --trigger FILE       true trigger: its attack success is reported, never trained on or selected by
  --features KIND      auto (default), labels, labels-dense, labels+attributes, attributes, degree, constant
  --readout sum|mean   readout, where it is known; default: settled by the clean labels
  --architecture FILE  JSON with parts of the architecture that recognition should not guess
  --backend NAME       auto (default), graphnad, tensorflow, cpu
  --threads N          threads that compute; default 0: one a core, four at most
  --seed N             default 0
  --json               the report as one JSON document on standard output`;

/** `graphnad purify`. */
export async function purify(argv: readonly string[], signal: AbortSignal): Promise<number> {
  const args = parseArguments(
    argv,
    {
      ...modelOptions,
      'holding-rate': { type: 'string' },
      'clean-ids': { type: 'string' },
      'test-ids': { type: 'string' },
      method: { type: 'string' },
      out: { type: 'string' },
      overwrite: { type: 'boolean' },
      report: { type: 'string' },
      trigger: { type: 'string' },
    },
    { min: 1, max: 1, what: 'the model file' },
  );
  requiredText(args, 'data');
  const model = path.resolve(args.positionals[0]);
  const { data = '', ...task } = await modelTask(args);
  limitThreads(threadsOption(args));
  const line = progressLine(path.basename(model));
  const report = await runTask(
    {
      kind: 'purify',
      ...task,
      model,
      data,
      output: pathOption(args, 'out') ?? defaultOutput(model),
      overwrite: args.values.overwrite === true,
      holdingRate: shareOption(args, 'holding-rate'),
      cleanIds: await idFile(args, 'clean-ids'),
      testIds: await idFile(args, 'test-ids'),
      idFiles: { clean: pathOption(args, 'clean-ids'), test: pathOption(args, 'test-ids') },
      method: choice(args, 'method', purificationMethods),
      report: pathOption(args, 'report'),
      trigger: pathOption(args, 'trigger'),
    },
    { signal, progress: line.update },
  ).finally(line.done);
  if (args.values.json) printJson(report);
  else say(purifyReportText(report));
  return exitCode.ok;
}

/** `gin.pt` becomes `gin.purified.pt`, in the same folder. */
function defaultOutput(model: string): string {
  const { dir, name, ext } = path.parse(model);
  return path.join(dir, `${name}.purified${ext}`);
}
