import path from 'node:path';
import process from 'node:process';
import { attentionViews } from '../../../protocol/attention';
import { chooseGraph } from '../jobs/attentionGraph';
import { compareAttention } from '../jobs/attentionTask';
import { attentionSummaryText, attentionText } from '../report/attentionText';
import { onThreads } from '../tensor/threads';
import { choice, modelOptions, parseArguments, text, threadsOption, UsageError, type Arguments } from './arguments';
import { attentionTask } from './attentionTask';
import { exitCode } from './exitCodes';
import { manifestHelp, manifestOptions } from './manifest';
import { printJson, progressLine } from './output';

export const attentionHelp = `graphnad attention MODEL [PURIFIED] [--data DIR] [options]
  Where two models look, node by node; one alone is compared with itself, without and with a trigger.

  --data DIR           TU or OGB data set folder; at most 128 of its graphs are looked at, those that a scan looks at;
                       default: what graphnad.json names
  --graph ID           the attention on this graph as text, model before and model after; default: a table of the
                       graphs that changed most
  --view VIEW          triggered: with the trigger in the graph (default, where it fits); clean: as the graph is
  --trigger FILE       trigger file (JSON); default: the trigger that a scan of MODEL finds
  --features KIND      auto (default), labels, labels-dense, labels+attributes, attributes, embedded, degree, constant
  --readout KIND       sum, mean or max, where it is known; default: settled by the clean labels
  --architecture FILE  JSON, or a file with it: parts of the architecture that recognition should not guess
${manifestHelp}
  --backend NAME       auto (default), graphnad, tensorflow, cpu
  --threads N          threads that compute; default 0: one a core, four at most
  --seed N             default 0
  --json               one JSON document on standard output`;

/** `graphnad attention`. */
export async function attention(argv: readonly string[], signal: AbortSignal): Promise<number> {
  const args = parseArguments(
    argv,
    {
      ...{ ...modelOptions, ...manifestOptions },
      ...{ graph: { type: 'string' }, view: { type: 'string' }, trigger: { type: 'string' } },
    },
    { min: 1, max: 2, what: 'the model file' },
  );
  const graph = graphOption(args);
  const view = choice(args, 'view', attentionViews);
  const task = await attentionTask(args, graph);
  const threads = threadsOption(args);
  const line = progressLine(path.basename(task.model));
  const result = await onThreads(threads, () => compareAttention(task, { signal, progress: line.update })).finally(
    line.done,
  );
  const { overview } = result;
  const shown = graph === undefined && view === undefined ? undefined : chooseGraph(result, { graph, view });
  if (args.values.json) {
    printJson(shown === undefined ? overview : { overview, graph: shown });
    return exitCode.ok;
  }
  const nameOf = (file: string): string => path.relative(process.cwd(), file) || '.';
  if (shown === undefined) {
    process.stdout.write(attentionSummaryText(overview, { nameOf }));
  } else {
    const { before, after: second } = attentionText(overview, shown, { nameOf });
    process.stdout.write(`${before}\n${second}`);
  }
  return exitCode.ok;
}

/** @throws UsageError */
function graphOption(args: Arguments): number | undefined {
  const value = text(args, 'graph');
  if (value === undefined) return undefined;
  if (!/^\d{1,9}$/.test(value)) throw new UsageError(`--graph must be a graph id such as 17, not "${value}"`);
  return Number(value);
}
