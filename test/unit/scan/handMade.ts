import type { ArchitectureSummary } from '../../../protocol/model';
import type { Tensor } from '../../../server/src/checkpoint/checkpoint';
import { GraphModel } from '../../../server/src/gnn/graphModel';
import { defaultTensorNames } from '../../../server/src/gnn/modelSpecs';
import type { FeatureLayout, Graph } from '../../../server/src/graph/graph';
import { Rng } from '../../../server/src/graph/rng';

/** Labels of the hand-made data: class 0 is mostly 0, class 1 mostly 1; 2 never occurs in clean graphs. */
export const layout: FeatureLayout = { kind: 'labels', width: 3, attributeWidth: 0, labelColumns: 3 };

/** Paths of 8 to 15 nodes, classes in turn. */
export function cleanGraphs(count: number, seed = 1): Graph[] {
  const rng = new Rng(seed, 'hand-made graphs');
  return Array.from({ length: count }, (_, i) => {
    const classLabel = i % 2;
    const nodeCount = 8 + rng.integer(8);
    const edges = Int32Array.from({ length: 2 * (nodeCount - 1) }, (_unused, e) => (e + 1) >> 1);
    const nodeLabels = Int32Array.from({ length: nodeCount }, () =>
      rng.uniform() < 0.85 ? classLabel : 1 - classLabel,
    );
    return { nodeCount, edges, nodeLabels, attributes: new Float32Array(0), classLabel };
  });
}

/**
 * A two-layer GIN that counts labels in neighbourhoods: logit 0 counts label 0, logit 1 counts label 1 and, `backdoor`
 * times as heavily, label 2. With `backdoor` above 0 any node of label 2 leads to class 1.
 */
export function countingModel(backdoor: number): GraphModel {
  const tensors = new Map<string, Tensor>();
  const add = (name: string, shape: readonly number[], values: readonly number[]): void => {
    tensors.set(name, { name, dtype: 'float32', shape, values: () => Float64Array.from(values) });
  };
  const identity = [1, 0, 0, 0, 1, 0, 0, 0, 1];
  for (const layer of [0, 1]) {
    for (const linear of [0, 2]) {
      add(`convs.${layer}.nn.${linear}.weight`, [3, 3], identity);
      add(`convs.${layer}.nn.${linear}.bias`, [3], [0, 0, 0]);
    }
  }
  add('lin.weight', [2, 3], [1, 0, 0, 0, 1, backdoor]);
  add('lin.bias', [2], [0, 0]);
  const architecture: ArchitectureSummary = {
    ...{ kind: 'gin', layers: 2, hidden: 3, inputs: 3, classes: 2, readout: 'sum', batchNorm: false, eps: [0, 0] },
  };
  return GraphModel.fromCheckpoint(tensors, {
    architecture,
    names: defaultTensorNames(architecture),
  });
}
