import assert from 'node:assert/strict';
import { planParts } from '../../../server/src/jobs/planParts';
import type { ModelPlan } from '../../../server/src/gnn/plan/modelPlan';
import { recogniseArchitecture } from '../../../server/src/gnn/recognise';
import { ogbModels, ogbTensors } from '../../support/ogb';
import { plannedModels } from '../../support/pytorchModels';

function partsOf(name: string): ReturnType<typeof planParts> {
  const { architecture, plan } = plannedModels.find((fixture) => fixture.name === name)!;
  return planParts(architecture, plan);
}

function ogbPartsOf(file: string): ReturnType<typeof planParts> {
  const { settings } = ogbModels.find((fixture) => fixture.file === file)!;
  const { architecture, names } = recogniseArchitecture(ogbTensors(file), settings);
  return planParts(architecture, names as ModelPlan);
}

describe('planParts', () => {
  it('say what happens in each part of a model', () => {
    assert.deepEqual(
      partsOf('gin-example').map(({ title, steps }) => [title, ...steps]),
      [
        ['GIN layer 1', 'Sum of neighbours and self', 'Linear 3 → 4, ReLU', 'Linear 4 → 5, ReLU, BatchNorm'],
        ['GIN layer 2', 'Sum of neighbours and self', 'Linear 5 → 4, ReLU', 'Linear 4 → 5, ReLU, BatchNorm'],
        ['Readout', 'sum over the nodes of a graph'],
        ['Classifier', 'Linear 5 → 4, ReLU', 'Linear 4 → 2'],
      ],
    );
    assert.deepEqual(
      partsOf('gcn-residual').map(({ title, steps }) => [title, ...steps]),
      [
        ['Encoder', 'Linear 3 → 5, ELU'],
        ['GCN layer 1', 'GCN convolution 5 → 5', 'LayerNorm, ELU, plus its input'],
        ['GCN layer 2', 'GCN convolution 5 → 5', 'LayerNorm, ELU, plus its input'],
        ['GCN layer 3', 'GCN convolution 5 → 6', 'plus Linear 5 → 6 of its input'],
        ['Readout', 'max over the nodes of a graph'],
        ['Classifier', 'Linear 6 → 2'],
      ],
    );
    assert.deepEqual(partsOf('powerful-mean').at(-1)!.steps, ['Sum of 3 linear layers, one for each that is read']);
    assert.deepEqual(partsOf('powerful-mean').at(-2)!.steps, [
      'layers side by side, the features included',
      'mean over the nodes of a graph',
    ]);
  });

  it("say how models of OGB's examples embed numbers, and what their virtual node does", () => {
    const parts = ogbPartsOf('ogb-gin-virtual.pt').map(({ title, steps }) => [title, ...steps]);
    const network = 'Linear 6 → 12, BatchNorm, ReLU';
    assert.deepEqual(parts[0], ['Embedding', 'Sum of 9 tables (119, 5, 12, 12, 10, 6, 6, 2, 2) → 6']);
    const first = ['plus the row of the virtual node', 'Sum of neighbours with features of edges, and self', network];
    assert.deepEqual(parts[1], ['GIN layer 1', ...first, 'Linear 12 → 6, BatchNorm, ReLU, plus its input']);
    assert.deepEqual(parts[3], ['GIN layer 3', ...first, 'Linear 12 → 6, BatchNorm, plus its input']);
    const update = [
      'Sum over the nodes of a graph and itself, between layers',
      network,
      'Linear 12 → 6, BatchNorm, ReLU',
    ];
    assert.deepEqual(parts[4], ['Virtual node', ...update]);
    assert.deepEqual(parts.at(-1), ['Classifier', 'Linear 6 → 1']);
    const [, gcn] = ogbPartsOf('ogb-gcn.pt');
    assert.deepEqual(gcn.steps, ['GCN convolution 6 → 6 with features of edges', 'BatchNorm, ReLU']);
  });

  it("own every tensor of OGB's examples, each in one part", () => {
    for (const { file } of ogbModels) {
      const parts = ogbPartsOf(file);
      for (const tensor of ogbTensors(file).keys()) {
        const owners = parts.filter(({ modules }) => modules.some((module) => tensor.startsWith(`${module}.`)));
        assert.equal(owners.length, 1, `${file}: ${tensor}`);
      }
    }
  });

  it('own every tensor of the file but those that do nothing, each in one part', () => {
    for (const { name, tensors } of plannedModels) {
      const parts = partsOf(name);
      for (const tensor of tensors.keys()) {
        if (name === 'powerful-gnns' || name === 'powerful-max') if (tensor === 'eps') continue;
        const owners = parts.filter(({ modules }) =>
          modules.some((module) => tensor === module || tensor.startsWith(`${module}.`)),
        );
        assert.equal(owners.length, 1, `${name}: ${tensor}`);
      }
    }
  });
});
