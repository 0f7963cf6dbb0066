import assert from 'node:assert/strict';
import { planParts } from '../../../server/src/jobs/planParts';
import { plannedModels } from '../../support/pytorchModels';

function partsOf(name: string): ReturnType<typeof planParts> {
  const { architecture, plan } = plannedModels.find((fixture) => fixture.name === name)!;
  return planParts(architecture, plan);
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
