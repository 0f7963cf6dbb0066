import type { BackdoorVerdict, PurifyReport, StageResult } from '../../../protocol/reports';
import { defenseEffectiveness } from '../attack/metrics';
import type { Trigger } from '../attack/trigger';
import { CleanSetError, requireCleanSet } from '../defense/cleanSet';
import { failureAdvice } from '../defense/failureAdvice';
import { purify, type PurifyResult } from '../defense/graphnad';
import { purificationOutcome } from '../defense/outcome';
import type { GraphModel } from '../gnn/graphModel';
import type { Graph } from '../graph/graph';
import { assessBackdoor } from '../scan/backdoor';
import { estimateAsr, measureTrigger } from '../scan/estimatedAsr';
import { purificationFindings } from '../scan/findings';
import { graphsOf } from './cleanData';
import { readAttack, trueMetrics, type TrueAttack } from './evaluateTask';
import { sha256Of } from './loadModel';
import { purificationVerdict } from './purificationVerdict';
import { purifiedFile } from './purifiedFile';
import { stageProgress, type StageKey } from './purifyStages';
import { purifyCommandLine } from './purifyCommandLine';
import { openModel, type RunnableModel } from './runModel';
import type { JobContext, PurifyTask } from './tasks';
import { checkTarget, writeWhole } from './writeWhole';

/**
 * Purifies one model file and writes the result to a file of its own, whole or not at all. Training sees the clean
 * subset alone; the test split and the true trigger only serve the report.
 *
 * @throws what `openModel` throws, TriggerFileError, CleanSetError, OutputError, and the signal's reason once aborted
 */
export async function purifyModel(task: PurifyTask, context: JobContext): Promise<PurifyReport> {
  const protect = [task.model, ...(task.trigger === undefined ? [] : [task.trigger])];
  const writing = { overwrite: task.overwrite, protect };
  const reportWriting = { overwrite: task.overwrite, protect: [...protect, task.output] };
  // What can be found out now is not left until after minutes of work.
  await checkTarget(task.output, writing);
  if (task.report !== undefined) await checkTarget(task.report, reportWriting);
  const run = await openModel(task);
  try {
    requireCleanSet(graphsOf(run.data.graphs, run.splits.clean), run.model.architecture.classes);
    const attack =
      task.trigger === undefined ? undefined : await readAttack(task.trigger, run.data, run.splits.test, run.model);
    const found = await findTrigger(run, task.seed ?? 0, context);
    const result = await purifyRun(run, task, context);
    try {
      const rescan = await assess(run, result.student, task.seed ?? 0, context, 'rescan');
      const stages = compareStages(run, found, attack, task.seed ?? 0, [
        ['before', run.model],
        ['fine-tuned', result.fineTuned],
        ['graphnad', result.student],
      ]);
      const { bytes: output, notes } = purifiedFile(run.file, result.student.exportTensors());
      context.signal.throwIfAborted();
      const report = makeReport({ task, run, found, result, rescan, stages, notes, outputSha256: sha256Of(output) });
      await writeWhole(task.output, output, writing);
      if (task.report !== undefined) {
        await writeWhole(task.report, `${JSON.stringify(report, null, 2)}\n`, reportWriting);
      }
      return report;
    } finally {
      result.disposeModels();
    }
  } finally {
    run.model.dispose();
  }
}

/** The trigger that the comparison is made with, found on the clean subset. */
interface FoundTrigger {
  readonly trigger: Trigger;
  readonly target: number;
  readonly verdict: BackdoorVerdict;
}

async function findTrigger(run: RunnableModel, seed: number, context: JobContext): Promise<FoundTrigger> {
  const verdict = await assess(run, run.model, seed, context, 'search');
  if (verdict.kind !== 'not-assessed') {
    const { trigger, target } = verdict.evidence;
    return { trigger, target, verdict };
  }
  // Too little data for a verdict may still do for a trigger to compare by.
  const clean = graphsOf(run.data.graphs, run.splits.clean);
  const { byClass } = await estimateAsr(run.model, clean, run.data.layout, { seed, signal: context.signal });
  const [strongest] = byClass.filter((estimate) => estimate !== undefined).sort((a, b) => b.asr - a.asr);
  if (strongest === undefined) {
    throw new CleanSetError('No trigger can be tried on these clean graphs: they have too few nodes.', []);
  }
  return { trigger: strongest.trigger, target: strongest.target, verdict };
}

function assess(
  run: RunnableModel,
  model: GraphModel,
  seed: number,
  { signal, progress }: JobContext,
  stage: StageKey,
): Promise<BackdoorVerdict> {
  return assessBackdoor({
    model,
    clean: graphsOf(run.data.graphs, run.splits.clean),
    layout: run.data.layout,
    seed,
    signal,
    progress: (fraction) => progress(stageProgress(stage, fraction)),
  });
}

function purifyRun(run: RunnableModel, task: PurifyTask, { signal, progress }: JobContext): Promise<PurifyResult> {
  return purify({
    model: run.model,
    clean: graphsOf(run.data.graphs, run.splits.clean),
    layout: run.data.layout,
    options: { method: task.method },
    seed: task.seed ?? 0,
    signal,
    onProgress: ({ stage, epoch, epochs, losses, accuracy }) =>
      progress({
        ...stageProgress(stage, epoch / epochs),
        epoch,
        epochs,
        ...(stage === 'teacher' || stage === 'student' ? { curve: { stage, epoch, losses, accuracy } } : {}),
      }),
  });
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
  return {
    file: task.model,
    output: task.output,
    sha256: run.file.sha256,
    outputSha256,
    architecture: run.model.architecture,
    notes: [...run.notes, ...notes],
    method: result.options.method,
    stages,
    curves: result.curves,
    trigger: { ...found.trigger, target: found.target },
    rescan,
    verdict: purificationVerdict(found.verdict, rescan, codes, before, after),
    advice: failureAdvice({ before, after, cleanGraphs }),
    findings: purificationFindings(codes, before, after),
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
    commandLine: purifyCommandLine(task, run.data.features),
  };
}
