import { predictLogits } from '../gnn/predict';
import { SplitError } from '../graph/splits';
import { graphsOf } from './cleanData';
import { openModel, type ModelRun } from './runModel';

export interface Prediction {
  /** One row a graph, `[graphs, classes]`. */
  readonly logits: readonly (readonly number[])[];
  /** Data set ids of the rows. */
  readonly graphs: readonly number[];
}

/**
 * Logits of a model on graphs of a data set.
 *
 * @param run its `graphs` are data set ids; default: all, in data set order
 * @throws what `openModel` throws, and SplitError for an id that does not exist
 */
export async function predictModel(run: ModelRun & { readonly graphs?: readonly number[] }): Promise<Prediction> {
  const { model, data } = await openModel(run);
  try {
    const ids = run.graphs ?? data.graphs.map((_, id) => id);
    const missing = ids.filter((id) => id >= data.graphs.length);
    if (missing.length > 0) {
      throw new SplitError(`graph ${missing[0]} does not exist: ${run.data} has ${data.graphs.length}`, missing);
    }
    const flat = predictLogits(model, graphsOf(data.graphs, ids), data.layout);
    const { classes } = model.architecture;
    return {
      logits: ids.map((_, row) => [...flat.subarray(row * classes, (row + 1) * classes)]),
      graphs: ids,
    };
  } finally {
    model.dispose();
  }
}
