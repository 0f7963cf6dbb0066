import type { CurvePoint } from '../../../protocol/reports';
import type { Bounds } from '../gnn/bounds';
import type { GraphModel } from '../gnn/graphModel';
import { batches } from '../gnn/predict';
import type { FeatureLayout, Graph } from '../graph/graph';
import { Rng } from '../graph/rng';
import { requireCleanSet } from './cleanSet';
import type { PurifyContext } from './context';
import { requireFiniteWeights } from './descent';
import { distilOnClean, fineTune } from './fineTune';
import { resolveOptions, type GraphnadOptions } from './options';
import { Run, type PurifyProgress } from './run';
import { trainStudent } from './student';
import { boundSuspect, trainTeacher } from './teacher';

export interface PurifyInput {
  /** The suspect model; not changed, and still the caller's to dispose. */
  readonly model: GraphModel;
  /** Graphs known to be clean, of every class. */
  readonly clean: readonly Graph[];
  readonly layout: FeatureLayout;
  readonly options?: Partial<GraphnadOptions>;
  /** Every random choice comes from it: the same inputs and seed give the same weights. */
  readonly seed: number;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: PurifyProgress) => void;
}

/** Models made on the way to a purified one; the caller disposes them with `disposeModels`. */
export interface PurifyResult {
  /** The purified model, of the suspect's own shape. */
  readonly student: GraphModel;
  /** The suspect fine-tuned on the clean graphs, for comparison. */
  readonly fineTuned: GraphModel;
  /** What the student learnt from; none where the method is `finetune`. */
  readonly teacher?: GraphModel;
  /** Bounds that belong to the robust teacher: without them it is a different model. */
  readonly teacherBounds?: Bounds;
  readonly curves: readonly CurvePoint[];
  /** The settings in force, defaults filled in. */
  readonly options: GraphnadOptions;
  /** Disposes all models of the result. */
  readonly disposeModels: () => void;
}

/**
 * Purifies a suspect model with a few clean graphs by GraphNAD distillation (arXiv 2501.05835; robust preset of
 * docs/method.md). The process can answer messages between steps.
 *
 * @throws CleanSetError where the clean set is too small or lacks a class
 * @throws TrainingDivergedError rather than return a model of weights that are not finite
 * @throws the signal's reason, an `AbortError` by default, when it is aborted
 */
export async function purify(input: PurifyInput): Promise<PurifyResult> {
  const { model: suspect, clean, layout, seed, signal, onProgress } = input;
  requireCleanSet(clean, suspect.architecture.classes);
  const options = resolveOptions(input.options ?? {}, clean.length);
  const run = new Run(signal, onProgress);
  const context: PurifyContext = {
    suspect,
    clean,
    cleanBatches: [...batches(clean, layout)],
    layout,
    options,
    run,
  };
  // A stream of random numbers a stage, so that settings of one stage do not change the draws of another.
  const stream = (name: string): Rng => new Rng(seed, name);

  const made: GraphModel[] = [];
  const keep = (model: GraphModel): GraphModel => {
    made.push(model);
    requireFiniteWeights(model);
    return model;
  };
  const finish = (result: Pick<PurifyResult, 'student' | 'fineTuned' | 'teacher' | 'teacherBounds'>): PurifyResult => ({
    ...result,
    curves: run.curves,
    options,
    disposeModels: () => made.forEach((model) => model.dispose()),
  });
  try {
    if (options.method === 'finetune') {
      const fineTuned = keep(await fineTune(context, 'student', stream('fine-tune')));
      return finish({ student: keep(fineTuned.clone()), fineTuned });
    }
    if (options.method === 'graphnad-paper') {
      const teacher = keep(await fineTune(context, 'teacher', stream('fine-tune')));
      const student = keep(await distilOnClean(context, teacher, stream('student')));
      return finish({ student, fineTuned: keep(teacher.clone()), teacher });
    }
    const fineTuned = keep(await fineTune(context, 'fine-tuning', stream('fine-tune')));
    const bounds = boundSuspect(context);
    const teacher = keep(await trainTeacher(context, bounds, stream('teacher')));
    const student = keep(await trainStudent(context, { model: teacher, bounds }, stream('student')));
    return finish({ student, fineTuned, teacher, teacherBounds: bounds });
  } catch (error) {
    made.forEach((model) => model.dispose());
    throw error;
  }
}
