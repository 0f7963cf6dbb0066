import path from 'node:path';
import type { BackdoorVerdict, PurifyReport, StageResult } from '../../../protocol/reports';
import type { RewrittenModel } from '../checkpoint/checkpointFormat';
import { requireCleanSet } from '../defense/cleanSet';
import { failureAdvice } from '../defense/failureAdvice';
import { methodTitles } from '../defense/options';
import { purify, type PurifyResult } from '../defense/purify';
import { purificationOutcome } from '../defense/outcome';
import { remediesFor } from '../defense/remedies';
import { curvePoint } from '../defense/run';
import type { GraphModel } from '../gnn/graphModel';
import { assessBackdoor } from '../scan/backdoor';
import { backdoorFindings, purificationFindings } from '../scan/findings';
import { unmeasuredNotes } from '../scan/measuredModels';
import { openBenignModel, type BenignModel } from './benignModel';
import { graphsOf } from './cleanData';
import { compareStages, figuresOf } from './compareModels';
import { readAttack } from './evaluateTask';
import type { FoundTrigger } from './foundTrigger';
import { sha256Of, sha256OfModelBytes } from './hashFile';
import { purificationVerdict } from './purificationVerdict';
import { purifiedFile, requirePurifiable } from './purifiedFile';
import { StageProgress } from './purifyStages';
import { purifyCommandLine } from './purifyCommandLine';
import { purifyInputs } from './purifyInputs';
import { receiptOf } from './receipt';
import { receiptNotes, requireReceiptInputs } from './receiptDifferences';
import { openModel, type RunnableModel } from './runModel';
import { SideThread } from './side/sideThread';
import { SideWork } from './side/sideWork';
import type { JobContext, PurifyTask } from './tasks';
import { checkTarget, writeTogether, writeWhole } from './writeWhole';

/**
 * Purifies one model file and writes the result to a file of its own, whole or not at all. Training sees the clean
 * subset alone; the test split, the true trigger and the benign model only serve the report. Where the process may use
 * more threads than one, what does not depend on each other is done side by side, with the same result.
 *
 * @throws what `openModel` and `openBenignModel` throw, TriggerFileError, CleanSetError, OutputError,
 *   UnsettledArchitectureError where parts of the model are assumed and may be wrong, and the signal's reason once aborted
 */
export async function purifyModel(task: PurifyTask, context: JobContext): Promise<PurifyReport> {
  const protect = await purifyInputs(task);
  const writing = { overwrite: task.overwrite, protect };
  const reportWriting = { ...writing, otherOutputs: [task.output] };
  // What can be found out now is not left until after minutes of work.
  await checkTarget(task.output, writing);
  if (task.report !== undefined) await checkTarget(task.report, reportWriting);
  // It comes up while the files are read. TensorFlow has threads of its own.
  const thread = task.backend === 'tensorflow' ? undefined : SideThread.start(context.side);
  try {
    const run = await openModel(task);
    let benign: BenignModel | undefined;
    try {
      for (const name of requirePurifiable(run.file, run.model.exportTensors(), task.output)) {
        await checkTarget(path.join(path.dirname(task.output), name), writing);
      }
      benign = task.benign === undefined ? undefined : await openBenignModel(task.benign, run, task.architecture);
      const { report, output } = await purifyOpened({ run, benign, task, thread }, context);
      context.signal.throwIfAborted();
      await writeTogether(task.output, filesOf(output, task.output), writing);
      if (task.report !== undefined) {
        await writeWhole(task.report, `${JSON.stringify(report, null, 2)}\n`, reportWriting);
      }
      return report;
    } finally {
      benign?.model.dispose();
      run.model.dispose();
    }
  } finally {
    thread?.end();
  }
}

/** What is written where: the file that names the others comes last. */
function filesOf({ bytes, beside }: RewrittenModel, output: string): [string, Uint8Array][] {
  const folder = path.dirname(output);
  return [
    ...[...beside].map(([name, content]): [string, Uint8Array] => [path.join(folder, name), content]),
    [output, bytes],
  ];
}

interface Purified {
  readonly report: PurifyReport;
  /** The purified file, and those that belong to it. */
  readonly output: RewrittenModel;
}

interface Opened {
  readonly run: RunnableModel;
  readonly benign: BenignModel | undefined;
  readonly task: PurifyTask;
  readonly thread: SideThread | undefined;
}

async function purifyOpened(
  { run, benign, task, thread }: Opened,
  { signal, progress }: JobContext,
): Promise<Purified> {
  const clean = graphsOf(run.data.graphs, run.splits.clean);
  if (task.repeats) requireReceiptInputs(task.repeats, run, task.data);
  requireCleanSet(clean, run.model.architecture.classes);
  if (run.unsettled !== undefined) throw run.unsettled;
  const attack =
    task.trigger === undefined ? undefined : await readAttack(task.trigger, run.data, run.splits.test, run.model);
  const seed = task.seed ?? 0;
  const { model, backend, file, data } = run;
  const subject = { model, clean, layout: data.layout, seed };
  const side = new SideWork(thread, { ...subject, backend }, signal);
  const stages = new StageProgress();
  try {
    const search = side.findTrigger((fraction) =>
      progress(side.isBeside ? stages.beside('search', fraction) : stages.at('search', fraction)),
    );
    // What goes on beside the rest is named once, for those who show the stages in order.
    if (side.isBeside) progress(stages.at('search', 0));
    else await search;
    const options = { ...task.options, ...(task.method && { method: task.method }) };
    const startFineTuning = (): (() => Promise<GraphModel>) => {
      progress(stages.at('fine-tuning', 0));
      return side.startFineTuning(options, (fraction) => progress(stages.beside('fine-tuning', fraction)));
    };
    const result = await purify({
      ...subject,
      options,
      signal: side.signal,
      ...(side.isBeside && { startFineTuning }),
      onProgress: (step) => {
        const { stage, epoch, epochs } = step;
        progress({ ...stages.at(stage, epoch / epochs), epoch, epochs, curve: curvePoint(step) });
      },
    });
    try {
      const rescan = await assessBackdoor({
        ...subject,
        model: result.student,
        // Its BatchNorm statistics are restated by the clean graphs, so they say nothing of any training.
        byBehaviour: true,
        signal: side.signal,
        progress: (fraction) => progress(stages.at('rescan', fraction)),
        runProbe: side.probesOf(result.student),
      });
      const found = await search;
      const comparison = { run, found, attack, seed };
      const compared = compareStages(comparison, [
        ['before', model],
        ['fine-tuned', result.fineTuned],
        ['graphnad', result.student],
      ]);
      const purified = purifiedFile(file, result.student.exportTensors(), task.output);
      const { bytes, beside } = purified;
      const outputSha256 = sha256OfModelBytes(bytes, task.output, (name) => sha256Of(beside.get(name) ?? ''));
      return {
        report: makeReport({
          ...{ task, run, found, result, rescan, stages: compared, outputSha256 },
          notes: [...purified.notes, ...(benign?.notes ?? [])],
          ...(benign && {
            benign: { file: benign.file.path, sha256: benign.file.sha256, ...figuresOf(benign.model, comparison) },
          }),
        }),
        output: purified,
      };
    } finally {
      result.disposeModels();
    }
  } finally {
    side.end();
  }
}

interface Outcome {
  readonly task: PurifyTask;
  readonly run: RunnableModel;
  readonly found: FoundTrigger;
  readonly result: PurifyResult;
  readonly rescan: BackdoorVerdict;
  readonly stages: readonly StageResult[];
  readonly benign?: PurifyReport['benign'];
  readonly notes: readonly string[];
  readonly outputSha256: string;
}

function makeReport(outcome: Outcome): PurifyReport {
  const { task, run, found, result, rescan, stages, benign, notes, outputSha256 } = outcome;
  const before = stages[0].estimated;
  const after = stages[stages.length - 1].estimated;
  // Of the trigger that these figures are about: the true one only reports.
  const floor = benign?.estimated.flipAsr;
  const codes = purificationOutcome(before, after, undefined, floor);
  const cleanGraphs = run.splits.clean.length;
  const holdingRate = task.cleanIds === undefined ? (task.holdingRate ?? 0.03) : undefined;
  const receipt = receiptOf(task, run, result.options, outputSha256);
  return {
    file: task.model,
    output: task.output,
    sha256: run.file.sha256,
    outputSha256,
    architecture: run.model.architecture,
    notes: [
      ...run.notes,
      ...unmeasuredNotes(run.model),
      ...notes,
      ...(task.repeats ? receiptNotes(task.repeats.config, receipt) : []),
    ],
    method: result.options.method,
    methodTitle: methodTitles[result.options.method],
    stages,
    ...(benign && { benign }),
    curves: result.curves,
    trigger: { ...found.trigger, target: found.target },
    rescan,
    verdict: purificationVerdict(found.verdict, rescan, codes, before, after, floor),
    advice: failureAdvice({ before, after, cleanGraphs, floor }),
    remedies: remediesFor({ codes, options: result.options, cleanGraphs, holdingRate }),
    findings: [
      ...purificationFindings(codes, before, after),
      // What keeps the purified model from coming out clean; what its scan says otherwise is not about the purification.
      ...(rescan.kind === 'no-sign'
        ? []
        : backdoorFindings(rescan, { classNames: task.classNames ?? run.data.dataset.classNames })),
    ],
    settings: {
      seed: task.seed ?? 0,
      features: run.data.features,
      data: task.data,
      dataHash: run.data.dataset.hash,
      cleanGraphs,
      testGraphs: run.splits.test.length,
      backend: run.backend,
      holdingRate,
      options: { ...result.options },
    },
    receipt,
    commandLine: purifyCommandLine(task, { features: run.data.features, backend: run.backend }),
  };
}
