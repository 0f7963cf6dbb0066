import assert from 'node:assert/strict';
import type { ModelPlan } from '../../../../server/src/gnn/plan/modelPlan';
import { plannedSpecs, plannedTensors } from '../../../../server/src/gnn/plan/plannedModel';
import { plannedModels } from '../../../support/pytorchModels';

const [{ architecture, plan }] = plannedModels;

describe('plannedTensors', () => {
  for (const fixture of plannedModels) {
    it(`are the tensors of the file, each once: ${fixture.name}`, () => {
      const described = plannedTensors(fixture.architecture, fixture.plan).map(
        ({ name, dtype, shape }) => `${name} ${dtype} [${shape.join(', ')}]`,
      );
      const file = Array.from(
        fixture.tensors.values(),
        ({ name, dtype, shape }) => `${name} ${dtype} [${shape.join(', ')}]`,
      );
      assert.deepEqual(described.sort(), file.sort());
    });
  }

  it('are not to be had of a plan that contradicts itself', () => {
    const refuses = (wrong: Partial<ModelPlan>, reason: RegExp): void => {
      assert.throws(() => plannedSpecs(architecture, { ...plan, ...wrong }), reason);
    };
    const [output] = plan.outputs;
    refuses({ outputs: [output, output] }, /several output layers/);
    const readTwice = { ...architecture, jumping: 'cat', secondReadout: 'mean' } as const;
    assert.throws(() => plannedSpecs(readTwice, plan), /two readouts do not read layers side by side/);
    refuses(
      { head: [{ step: 'norm', kind: 'graph', width: 5, scale: 'w', shift: 'b', meanScale: 'm' }] },
      /cannot stand behind the readout/,
    );
  });
});
