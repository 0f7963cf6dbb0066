import type { Finding, NotAssessedCode } from '../../../protocol/findings';
import type { BackdoorVerdict, RunSettings, ScanReport } from '../../../protocol/reports';
import { CheckpointError } from '../checkpoint/checkpoint';
import { filesBeside } from '../checkpoint/formats';
import { limits } from '../checkpoint/limits';
import { readCheckpoint } from '../checkpoint/readCheckpoint';
import { DatasetError } from '../dataset/dataset';
import { FeatureMismatchError } from '../dataset/features';
import { UnrecognisedArchitectureError, UnsupportedTaskError } from '../gnn/recognise';
import type { UnsettledArchitectureError } from '../gnn/unrecognised';
import { SplitError } from '../graph/splits';
import { assessBackdoor } from '../scan/backdoor';
import { manyCleanGraphs } from '../scan/calibrationFor';
import { codeSafetyFindings } from '../scan/codeSafety';
import { backdoorFindings } from '../scan/findings';
import { unmeasuredNotes } from '../scan/measuredModels';
import { assessWithoutData } from '../scan/synthetic/assessWithoutData';
import { FileSource } from './fileSource';
import { hashFile } from './hashFile';
import { inspectCodeOf, inspectModelCode } from './modelCode';
import { checkBackend } from './checkBackend';
import { graphsOf } from './cleanData';
import { openRead, readModelFile, recogniseModel, type ModelFile } from './loadModel';
import { confirmPurified } from './confirmPurified';
import { bytesBeside, modelBytes } from './modelBytes';
import { whileUnchanged } from './modelVersion';
import { purifiedNote, receiptBeside } from './purifiedWith';
import { openModel } from './runModel';
import type { JobContext, ScanTask } from './tasks';

/** Clean graphs a scan looks at where nobody names them: as many as its thresholds were measured with. */
const scannedGraphs = manyCleanGraphs;

/**
 * Scans one model file: its code first, then, where there are clean data, its behaviour. What cannot be assessed is a
 * finding of its own, never silence.
 *
 * @throws CheckpointError where the file cannot be read from disk, BackendError, and the signal's reason once aborted
 */
export async function scanModel(task: ScanTask, context: JobContext): Promise<ScanReport> {
  const bytes = await modelBytes(task.model);
  if (bytes > limits.wholeFile) return scanLargeModel(task, context);
  const file = await readModelFile(task.model);
  context.signal.throwIfAborted();
  const scanned = { sha256: file.sha256, bytes };
  const inspection = inspectModelCode(file);
  const code = codeSafetyFindings(inspection);
  if (task.codeOnly) return report(scanned, code, codeAlone(inspection.inspected), task);
  const assessment = await assess(file, task, context).catch((error: unknown) => notAssessed(error, file, task));
  return report(scanned, code, assessment, task);
}

/**
 * The same of a model that is too large to be read whole, and so to be run: its code is looked at by ranges.
 *
 * @throws as `scanModel`, and CheckpointError where a file of the model changes meanwhile
 */
export async function scanLargeModel(task: ScanTask, { signal }: Pick<JobContext, 'signal'>): Promise<ScanReport> {
  // The hash says which model was looked at, so that it must not be that of another.
  const { bytes, inspection, sha256 } = await whileUnchanged(task.model, async () => ({
    ...(await FileSource.with(task.model, (file, openBeside) => ({
      bytes: file.length + bytesBeside(filesBeside(file, task.model), openBeside),
      inspection: inspectCodeOf(file, task.model, openBeside),
    }))),
    sha256: await hashFile(task.model, signal),
  }));
  const gigabytes = (bytes / 1e9).toLocaleString('en-US', { maximumFractionDigits: 1 });
  const assessment = task.codeOnly
    ? codeAlone(inspection.inspected)
    : unassessable('GN901', `the model has ${gigabytes} GB, more than can be read at once; its code was looked at`);
  return report({ sha256, bytes }, codeSafetyFindings(inspection), assessment, task);
}

interface Assessment {
  readonly backdoor: BackdoorVerdict;
  readonly findings: readonly Finding[];
  readonly format: string;
  readonly architecture?: ScanReport['architecture'];
  readonly notes?: readonly string[];
  readonly settings?: Partial<RunSettings>;
  /** By class number. */
  readonly classNames?: readonly string[];
}

/** Nobody asked about backdoors, so that is no finding; a file whose code could not be looked at either is one. */
function codeAlone(inspected: boolean): Assessment {
  if (!inspected) return unassessable('GN901', 'its format is not known, and its code could not be looked at either');
  return { backdoor: { kind: 'not-assessed', reason: 'only its code was looked at' }, findings: [], format: 'unknown' };
}

async function assess(read: ModelFile, task: ScanTask, context: JobContext): Promise<Assessment> {
  const { signal } = context;
  const progress = (fraction: number): void =>
    context.progress({ stage: 'Backdoor scan', stageIndex: 0, stageCount: 1, fraction });
  if (task.data === undefined)
    return task.madeUpGraphs ? onMadeUpGraphs(read, task, signal, progress) : withoutData(read, task);
  const run = { ...task, data: task.data, cleanGraphs: scannedGraphs };
  const { file, data, splits, model, notes, unsettled, readoutIsGuess, backend } = await openModel(run, read);
  try {
    const purified = task.purifiedWith ?? (await receiptBeside(read.path, read.sha256));
    const confirmation = purified && (await confirmPurified(purified, model, data, signal));
    const classNames = task.classNames ?? data.dataset.classNames;
    const verdict = await assessBackdoor({
      model,
      restated: confirmation === 'confirmed',
      unsettled: unsettled?.reason,
      readoutIsGuess,
      clean: graphsOf(data.graphs, splits.clean),
      layout: data.layout,
      ids: splits.clean,
      seed: task.seed ?? 0,
      signal,
      progress,
    });
    const backdoor = unsettled === undefined ? verdict : withAssumed(verdict, unsettled);
    return {
      backdoor,
      findings: backdoorFindings(backdoor, { classNames }),
      classNames,
      format: file.checkpoint.format,
      architecture: model.architecture,
      notes: [
        ...notes,
        ...unmeasuredNotes(model),
        ...(purified && confirmation ? [purifiedNote(purified, confirmation)] : []),
      ],
      settings: {
        features: data.features,
        dataHash: data.dataset.hash,
        cleanGraphs: splits.clean.length,
        backend,
      },
    };
  } finally {
    model.dispose();
  }
}

/** What has to be stated, where that is why there is no verdict. */
function withAssumed(verdict: BackdoorVerdict, { reason, assumed }: UnsettledArchitectureError): BackdoorVerdict {
  return verdict.kind === 'not-assessed' && verdict.reason === reason ? { ...verdict, assumed } : verdict;
}

function withoutData(file: ModelFile, task: ScanTask): Assessment {
  const known = recognised(file, task);
  const { inputs } = known.architecture;
  const reason = `no clean data set with ${inputs} node ${inputs === 1 ? 'feature' : 'features'} was given`;
  return { ...unassessable('GN904', reason), ...known };
}

/** What is known of a model that did not run. */
function recognised(file: ModelFile, task: ScanTask): Required<Pick<Assessment, 'format' | 'architecture' | 'notes'>> {
  const { checkpoint, recognition } = recogniseModel(file, task.architecture);
  return { format: checkpoint.format, architecture: recognition.architecture, notes: recognition.notes };
}

async function onMadeUpGraphs(
  file: ModelFile,
  task: ScanTask,
  signal: AbortSignal,
  progress: (fraction: number) => void,
): Promise<Assessment> {
  const { checkpoint, recognition } = recogniseModel(file, task.architecture);
  const { backend, notes: backendNotes } = await checkBackend({ backend: task.backend ?? 'auto' });
  const seed = task.seed ?? 0;
  const { verdict, architecture, notes } = await assessWithoutData({
    ...{ tensors: checkpoint.tensors, recognition, seed, signal, progress },
  });
  return {
    backdoor: verdict,
    findings: backdoorFindings(verdict, { classNames: task.classNames }),
    classNames: task.classNames,
    format: checkpoint.format,
    architecture,
    notes: [...notes, ...backendNotes, ...(verdict.evidence ? unmeasuredNotes({ isUsual: true, architecture }) : [])],
    settings: { backend },
  };
}

/** Turns what stops an assessment into its reason, beside what was known by then; what is nobody's input is thrown on. */
function notAssessed(error: unknown, file: ModelFile, task: ScanTask): Assessment {
  if (error instanceof CheckpointError) return unassessable('GN901', error.reason);
  if (error instanceof UnrecognisedArchitectureError) {
    const code = error instanceof UnsupportedTaskError ? 'GN903' : 'GN902';
    return {
      ...unassessable(code, error.reason),
      format: readCheckpoint(file.bytes, file.path, openRead(file)).format,
    };
  }
  if (error instanceof DatasetError || error instanceof FeatureMismatchError || error instanceof SplitError) {
    return { ...unassessable('GN904', error.message), ...recognised(file, task) };
  }
  throw error;
}

function unassessable(code: NotAssessedCode, reason: string): Assessment {
  const backdoor: BackdoorVerdict = { kind: 'not-assessed', reason, code };
  return { backdoor, findings: backdoorFindings(backdoor), format: 'unknown' };
}

/** What a report says of the file itself. */
type ScannedFile = Pick<ScanReport, 'sha256' | 'bytes'>;

function report(
  { sha256, bytes }: ScannedFile,
  code: readonly Finding[],
  assessment: Assessment,
  task: ScanTask,
): ScanReport {
  return {
    file: task.model,
    sha256,
    bytes,
    format: assessment.format,
    architecture: assessment.architecture,
    architectureNotes: assessment.notes ?? [],
    backdoor: assessment.backdoor,
    findings: [...code, ...assessment.findings],
    settings: { seed: task.seed ?? 0, data: task.data, backend: 'none', ...assessment.settings },
    ...targetName(assessment),
  };
}

/** What people call the class that the evidence is about. */
function targetName({ backdoor, classNames }: Assessment): Pick<ScanReport, 'targetName'> {
  const target = backdoor.evidence?.target;
  const name = target === undefined ? undefined : classNames?.[target];
  return name === undefined || name === String(target) ? {} : { targetName: name };
}
