import type { ArchitectureSummary } from '../../../../protocol/model';
import type { Tensor } from '../../../../server/src/checkpoint/checkpoint';
import { encodeDataset } from '../../../../server/src/dataset/features';
import { makeMolecules } from '../../../../server/src/dataset/synthetic';
import { GraphModel } from '../../../../server/src/gnn/graphModel';
import { trainClassifier } from '../../../../server/src/gnn/train';
import type { FeatureLayout, Graph } from '../../../../server/src/graph/graph';
import { Rng } from '../../../../server/src/graph/rng';

export const architecture: ArchitectureSummary = {
  ...{ kind: 'gin', layers: 2, hidden: 16, inputs: 6, classes: 2, readout: 'sum', batchNorm: true },
};

const encoded = encodeDataset({ ...makeMolecules('tiny', { graphs: 160, seed: 3 }), hash: '' }, 'labels');
export const molecules: readonly Graph[] = encoded.graphs;
export const layout: FeatureLayout = encoded.layout;

/** A small model trained on the molecules; whoever asks disposes it. */
export async function trainedModel(changes: Partial<ArchitectureSummary> = {}): Promise<GraphModel> {
  const model = GraphModel.random({ ...architecture, ...changes }, new Rng(1, 'weights'));
  await trainClassifier(model, molecules, layout, { seed: 1, epochs: 8, learningRate: 0.01 });
  return model;
}

/** The tensors of such a model, as a checkpoint has them. */
export async function trainedTensors(changes?: Partial<ArchitectureSummary>): Promise<Map<string, Tensor>> {
  const model = await trainedModel(changes);
  const entries = model.stateDict().map(({ name, dtype, shape, values }): [string, Tensor] => {
    const kept = Float64Array.from(values);
    return [name, { name, dtype, shape, values: () => kept }];
  });
  model.dispose();
  return new Map(entries);
}
