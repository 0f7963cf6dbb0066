import type { CurvePoint } from '../../../protocol/reports';
import type { GraphModel } from '../gnn/graphModel';
import { batches } from '../gnn/predict';
import type { FeatureLayout, Graph } from '../graph/graph';
import { Rng } from '../graph/rng';
import { requireCleanSet } from './cleanSet';
import { requireFiniteWeights } from './descent';
import type { Defense, Purified } from './defense';
import { defenses } from './defenses';
import type { DefenseContext } from './context';
import { fineTune } from './fineTune';
import { FlipProbe } from './flipProbe';
import type { FineTuneOptions } from './graphnadSettings';
import {
  resolveOptions,
  type MethodOptions,
  type PurificationMethod,
  type PurifyOptions,
  type ResolvedOptions,
} from './options';
import { restateNorms } from './restateNorms';
import { Run, type PurifyProgress } from './run';

export interface PurifyInput {
  /** The suspect model; not changed, and still the caller's to dispose. */
  readonly model: GraphModel;
  /** Graphs known to be clean, of every class. */
  readonly clean: readonly Graph[];
  readonly layout: FeatureLayout;
  /** The method, `graphnad` by default, and settings of it that differ from its defaults. */
  readonly options?: PurifyOptions;
  /** Every random choice comes from it: the same inputs and seed give the same weights. */
  readonly seed: number;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: PurifyProgress) => void;
  /**
   * Starts to fine-tune the suspect elsewhere, as `fineTuneSuspect` does with this input, and returns what waits for
   * the model; not used by methods that build on it. Default: it is done here, at first.
   */
  readonly startFineTuning?: () => () => Promise<GraphModel>;
}

/** Models made on the way to a purified one; the caller disposes them with `disposeModels`. */
export interface PurifyResult extends Purified {
  /** The suspect fine-tuned on the clean graphs, for comparison; a method's teacher or result may be the same model. */
  readonly fineTuned: GraphModel;
  readonly curves: readonly CurvePoint[];
  /** The settings in force, defaults filled in. */
  readonly options: ResolvedOptions;
  /** Disposes all models of the result. */
  readonly disposeModels: () => void;
}

/**
 * Purifies a suspect model with a few clean graphs: by GraphNAD distillation (arXiv 2501.05835; robust preset of
 * docs/method.md), or by another of the `defenses`. The process can answer messages between steps.
 *
 * @throws CleanSetError where the clean set is too small or lacks a class
 * @throws TrainingDivergedError rather than return a model of weights that are not finite
 * @throws the signal's reason, an `AbortError` by default, when it is aborted
 */
export async function purify(input: PurifyInput): Promise<PurifyResult> {
  requireCleanSet(input.clean, input.model.architecture.classes);
  const options = resolveOptions(input.options ?? {}, input.clean.length);
  return purifyBy(options, input);
}

/**
 * Makes nothing but the model that a purified one is compared with.
 *
 * @returns `PurifyResult.fineTuned` of the same input; the caller disposes it
 * @throws TrainingDivergedError, the signal's reason
 */
export function fineTuneSuspect(input: PurifyInput): Promise<GraphModel> {
  const options = resolveOptions(input.options ?? {}, input.clean.length);
  return makeFineTuned(contextOf(options, input), 'comparison', input.seed);
}

async function purifyBy<Method extends PurificationMethod>(
  options: ResolvedOptions & { readonly method: Method } & MethodOptions[Method],
  input: PurifyInput,
): Promise<PurifyResult> {
  const defense: Defense<MethodOptions[Method]> = defenses[options.method];
  const subject = contextOf(options, input);
  const stream = (stage: string): Rng => new Rng(input.seed, stage);
  const flipProbe = once(() => new FlipProbe(subject, stream('flip-probe')));
  const context = { ...subject, flipProbe };
  // Nobody sees curves of the model that is only compared with.
  const fineTuning = defense.fineTunedIs === 'comparison' ? subject : context;
  const made: GraphModel[] = [];
  const disposeModels = (): void => made.forEach((model) => model.dispose());
  const keep = (model: GraphModel): GraphModel => {
    made.push(model);
    requireFiniteWeights(model);
    return model;
  };
  try {
    const elsewhere = defense.fineTunedIs === 'comparison' ? input.startFineTuning?.() : undefined;
    const fineTuned =
      elsewhere === undefined
        ? always(keep(await makeFineTuned(fineTuning, defense.fineTunedIs, input.seed)))
        : once(async () => keep(await elsewhere()));
    const purified = await defense.run(context, { fineTuned, stream, keep });
    restateNorms(purified.student, input.clean, input.layout);
    requireFiniteWeights(purified.student);
    return { ...purified, fineTuned: await fineTuned(), curves: context.run.curves, options, disposeModels };
  } catch (error) {
    disposeModels();
    throw error;
  }
}

function contextOf<Options>(
  options: Options,
  { model: suspect, clean, layout, signal, onProgress }: PurifyInput,
): DefenseContext<Options> {
  const run = new Run(signal, onProgress);
  return { suspect, clean, cleanBatches: [...batches(clean, layout)], layout, options, run };
}

/** What fine-tuning is reported as, by what it is for. */
const fineTuningStage = { result: 'student', teacher: 'teacher', comparison: 'fine-tuning' } as const;

async function makeFineTuned(
  context: DefenseContext<FineTuneOptions>,
  purpose: keyof typeof fineTuningStage,
  seed: number,
): Promise<GraphModel> {
  const model = context.suspect.clone();
  try {
    await fineTune(context, model, { stage: fineTuningStage[purpose], rng: new Rng(seed, 'fine-tune') });
    return model;
  } catch (error) {
    model.dispose();
    throw error;
  }
}

function always<T>(value: T): () => Promise<T> {
  return () => Promise.resolve(value);
}

function once<T extends object>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}
