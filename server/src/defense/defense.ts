import type { Bounds } from '../gnn/bounds';
import type { GraphModel } from '../gnn/graphModel';
import type { Rng } from '../graph/rng';
import type { DefenseContext } from './context';
import type { PurificationMethod } from './options';

/** One way to purify a model with a few clean graphs. Its settings are in `settingsOf`. */
export interface Defense<Options> {
  readonly name: PurificationMethod;
  /** Where it comes from. */
  readonly source: string;
  /** What the suspect fine-tuned on the clean graphs, which every purification makes, is to this one. */
  readonly fineTunedIs: 'result' | 'teacher' | 'comparison';
  /**
   * Makes the purified model out of the suspect, which stays as it is.
   *
   * @throws TrainingDivergedError, the abort signal's reason
   */
  readonly run: (context: DefenseContext<Options>, means: DefenseMeans) => Promise<Purified>;
}

/** What a defense works with besides the suspect and the clean graphs. */
export interface DefenseMeans {
  /** The suspect fine-tuned on the clean graphs, the same model at every call; not to be changed. */
  readonly fineTuned: () => Promise<GraphModel>;
  /** Random numbers of a stage; a stream each, so that settings of one stage do not change the draws of another. */
  readonly stream: (stage: string) => Rng;
  /**
   * Hands over a model that was made: it is disposed with the result, or at once where the purification fails.
   *
   * @throws TrainingDivergedError where a weight is not finite
   */
  readonly keep: (model: GraphModel) => GraphModel;
}

/** What a defense made. */
export interface Purified {
  /** The purified model, of the suspect's own shape. */
  readonly student: GraphModel;
  /** What the student learnt from. */
  readonly teacher?: GraphModel;
  /** Bounds that belong to the teacher: without them it is a different model. */
  readonly teacherBounds?: Bounds;
}
