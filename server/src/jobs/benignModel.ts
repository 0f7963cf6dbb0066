import type { ArchitectureOverride } from '../../../protocol/manifest';
import { GraphModel } from '../gnn/graphModel';
import { embedsAlike } from '../dataset/wholeColumns';
import { settleArchitecture } from '../gnn/settleArchitecture';
import { UnrecognisedArchitectureError } from '../gnn/unrecognised';
import { architectureText } from '../report/architectureText';
import { graphsOf } from './cleanData';
import { readModelFile, recogniseModel, type LoadedModel, type ModelFile } from './loadModel';
import type { RunnableModel } from './runModel';

/** A model that was never poisoned, as its owner says. It holds tensors: whoever opens it disposes `model`. */
export interface BenignModel {
  readonly file: ModelFile;
  readonly model: GraphModel;
  /** What makes it a poor measure for the suspect. */
  readonly notes: readonly string[];
}

/** A file that cannot serve as the model that was never poisoned: names the file and the reason. */
export class BenignModelError extends Error {
  override readonly name = 'BenignModelError';

  constructor(
    readonly file: string,
    readonly reason: string,
  ) {
    super(`${file}: ${reason}`);
  }
}

/**
 * Opens a model that was never poisoned, to measure it on the graphs that a suspect is measured on: its flip ASR is the
 * benign floor of docs/method.md. It only reports.
 *
 * @param suspect the model it is compared with; both read the same features
 * @param override parts of the architecture the user vouches for, of both models
 * @throws CheckpointError, and BenignModelError where it is no model that takes those features and tells those classes
 */
export async function openBenignModel(
  path: string,
  { model: { architecture: suspect }, data, splits }: Pick<RunnableModel, 'model' | 'data' | 'splits'>,
  override?: ArchitectureOverride,
): Promise<BenignModel> {
  const file = await readModelFile(path);
  const { checkpoint, recognition } = recognise(file, override);
  for (const [key, what] of widths) {
    const own = recognition.architecture[key];
    if (own === suspect[key]) continue;
    throw new BenignModelError(path, `it has ${own} ${what}, and the model it is compared with ${suspect[key]}`);
  }
  if (!embedsAlike(recognition.architecture, suspect)) {
    throw new BenignModelError(path, 'it embeds other numbers than the model it is compared with');
  }
  const settled = settleArchitecture(checkpoint.tensors, recognition, graphsOf(data.graphs, splits.clean), data.layout);
  const model = GraphModel.fromCheckpoint(checkpoint.tensors, settled);
  const [own, other] = [settled.architecture, suspect].map(architectureText);
  return { file, model, notes: own === other ? [] : [differenceNote(own)] };
}

const widths = [
  ['inputs', 'feature columns'],
  ['classes', 'classes'],
] as const;

function recognise(file: ModelFile, override?: ArchitectureOverride): LoadedModel {
  try {
    return recogniseModel(file, override);
  } catch (error) {
    if (error instanceof UnrecognisedArchitectureError) throw new BenignModelError(file.path, error.message);
    throw error;
  }
}

function differenceNote(architecture: string): string {
  return `The model that was never poisoned is of another architecture: ${architecture}. Its floor says less about this one.`;
}
