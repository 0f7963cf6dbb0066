import type { BackdoorVerdict, PurifyReport, StageResult } from '../../../protocol/reports';
import { defenseEffectiveness } from '../attack/metrics';
import { requireCleanSet } from '../defense/cleanSet';
import { failureAdvice } from '../defense/failureAdvice';
import { purify, type PurifyResult } from '../defense/purify';
import { purificationOutcome } from '../defense/outcome';
import type { GraphModel } from '../gnn/graphModel';
import type { Graph } from '../graph/graph';
import { assessBackdoor } from '../scan/backdoor';
import { measureTrigger } from '../scan/estimatedAsr';
import { backdoorFindings, purificationFindings } from '../scan/findings';
import { unmeasuredNotes } from '../scan/measuredModels';
import { graphsOf } from './cleanData';
import { readAttack, trueMetrics, type TrueAttack } from './evaluateTask';
import type { FoundTrigger } from './foundTrigger';
import { sha256Of } from './loadModel';
import { purificationVerdict } from './purificationVerdict';
import { purifiedFile } from './purifiedFile';
import { StageProgress } from './purifyStages';
import { purifyCommandLine } from './purifyCommandLine';
import { receiptOf } from './receipt';
import { receiptNotes, requireReceiptInputs } from './receiptDifferences';
import { openModel, type RunnableModel } from './runModel';
import { SideThread } from './side/sideThread';
import { SideWork } from './side/sideWork';
import type { JobContext, PurifyTask } from './tasks';
import { checkTarget, writeWhole } from './writeWhole';

/**
 * Purifies one model file and writes the result to a file of its own, whole or not at all. Training sees the clean
 * subset alone; the test split and the true trigger only serve the report. Where the process may use more threads than
 * one, what does not depend on each other is done side by side, with the same result.
 *
 * @throws what `openModel` throws, TriggerFileError, CleanSetError, OutputError, and the signal's reason once aborted
 */
export async function purifyModel(task: PurifyTask, context: JobContext): Promise<PurifyReport> {
  const protect = [task.model, ...(task.trigger === undefined ? [] : [task.trigger])];
  const writing = { overwrite: task.overwrite, protect };
  const reportWriting = { ...writing, otherOutputs: [task.output] };
  // What can be found out now is not left until after minutes of work.
  await checkTarget(task.output, writing);
  if (task.report !== undefined) await checkTarget(task.report, reportWriting);
  // It comes up while the files are read. TensorFlow has threads of its own.
  const thread = task.backend === 'tensorflow' ? undefined : SideThread.start(context.side);
  try {
    const run = await openModel(task);
    try {
      const { report, output } = await purifyOpened(run, task, context, thread);
      context.signal.throwIfAborted();
      await writeWhole(task.output, output, writing);
      if (task.report !== undefined) {
        await writeWhole(task.report, `${JSON.stringify(report, null, 2)}\n`, reportWriting);
      }
      return report;
    } finally {
      run.model.dispose();
    }
  } finally {
    thread?.end();
  }
}

interface Purified {
  readonly report: PurifyReport;
  /** The bytes of the purified file. */
  readonly output: Uint8Array;
}

async function purifyOpened(
  run: RunnableModel,
  task: PurifyTask,
  { signal, progress }: JobContext,
  thread: SideThread | undefined,
): Promise<Purified> {
  const clean = graphsOf(run.data.graphs, run.splits.clean);
  if (task.repeats) requireReceiptInputs(task.repeats, run, task.data);
  requireCleanSet(clean, run.model.architecture.classes);
  const attack =
    task.trigger === undefined ? undefined : await readAttack(task.trigger, run.data, run.splits.test, run.model);
  const seed = task.seed ?? 0;
  const { model, backend, file, data } = run;
  const subject = { model, clean, layout: data.layout, seed };
  const side = new SideWork(thread, { ...subject, recognition: file.recognition, backend }, signal);
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
      onProgress: ({ stage, epoch, epochs, losses, accuracy }) =>
        progress({
          ...stages.at(stage, epoch / epochs),
          epoch,
          epochs,
          ...(stage === 'teacher' || stage === 'student' ? { curve: { stage, epoch, losses, accuracy } } : {}),
        }),
    });
    try {
      const rescan = await assessBackdoor({
        ...subject,
        model: result.student,
        // Its BatchNorm statistics may still be those of the suspect's training, and say nothing of its weights.
        byBehaviour: true,
        signal: side.signal,
        progress: (fraction) => progress(stages.at('rescan', fraction)),
        runProbe: side.probesOf(result.student),
      });
      const found = await search;
      const compared = compareStages(run, found, attack, seed, [
        ['before', model],
        ['fine-tuned', result.fineTuned],
        ['graphnad', result.student],
      ]);
      const { bytes, notes } = purifiedFile(file, result.student.exportTensors());
      const outputSha256 = sha256Of(bytes);
      return {
        report: makeReport({ task, run, found, result, rescan, stages: compared, notes, outputSha256 }),
        output: bytes,
      };
    } finally {
      result.disposeModels();
    }
  } finally {
    side.end();
  }
}

/** Before, fine-tuned and purified on the same held-back graphs, with the same trigger put in the same places. */
function compareStages(
  { data, splits }: RunnableModel,
  { trigger, target }: FoundTrigger,
  attack: TrueAttack | undefined,
  seed: number,
  models: readonly (readonly [StageResult['name'], GraphModel])[],
): StageResult[] {
  const heldBack: Graph[] = graphsOf(data.graphs, splits.test);
  const stages: StageResult[] = [];
  for (const [name, model] of models) {
    const { acc } = trueMetrics(model, data, splits.test, undefined);
    const { asr, flipAsr, cleanTargetRate, interval } = measureTrigger(
      model,
      trigger,
      target,
      heldBack,
      data.layout,
      seed,
    );
    const before = stages.at(0)?.estimated ?? { acc, asr };
    stages.push({
      name,
      estimated: { acc, asr, flipAsr, cleanTargetRate, asrInterval: interval },
      ...(attack === undefined ? {} : { true: trueMetrics(model, data, splits.test, attack) }),
      ...(name === 'before'
        ? {}
        : { der: defenseEffectiveness({ acc: before.acc, asr: before.asr ?? 0 }, { acc, asr }) }),
    });
  }
  return stages;
}

interface Outcome {
  readonly task: PurifyTask;
  readonly run: RunnableModel;
  readonly found: FoundTrigger;
  readonly result: PurifyResult;
  readonly rescan: BackdoorVerdict;
  readonly stages: readonly StageResult[];
  readonly notes: readonly string[];
  readonly outputSha256: string;
}

function makeReport({ task, run, found, result, rescan, stages, notes, outputSha256 }: Outcome): PurifyReport {
  const before = stages[0].estimated;
  const after = stages[stages.length - 1].estimated;
  const codes = purificationOutcome(before, after);
  const cleanGraphs = run.splits.clean.length;
  const receipt = receiptOf(task, run, result.options, outputSha256);
  return {
    file: task.model,
    output: task.output,
    sha256: run.file.sha256,
    outputSha256,
    architecture: run.model.architecture,
    notes: [
      ...run.notes,
      ...unmeasuredNotes(run.model.architecture),
      ...notes,
      ...(task.repeats ? receiptNotes(task.repeats.config, receipt) : []),
    ],
    method: result.options.method,
    stages,
    curves: result.curves,
    trigger: { ...found.trigger, target: found.target },
    rescan,
    verdict: purificationVerdict(found.verdict, rescan, codes, before, after),
    advice: failureAdvice({ before, after, cleanGraphs }),
    findings: [
      ...purificationFindings(codes, before, after),
      // What keeps the purified model from coming out clean; what its scan says otherwise is not about the purification.
      ...(rescan.kind === 'no-sign' ? [] : backdoorFindings(rescan, { classNames: run.data.dataset.classNames })),
    ],
    settings: {
      seed: task.seed ?? 0,
      features: run.data.features,
      data: task.data,
      dataHash: run.data.dataset.hash,
      cleanGraphs,
      testGraphs: run.splits.test.length,
      backend: run.backend,
      holdingRate: task.cleanIds === undefined ? (task.holdingRate ?? 0.03) : undefined,
      options: { ...result.options },
    },
    receipt,
    commandLine: purifyCommandLine(task, run.data.features),
  };
}
