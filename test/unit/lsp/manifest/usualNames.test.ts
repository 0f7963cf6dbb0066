import assert from 'node:assert/strict';
import { modelKinds } from '../../../../protocol/model';
import { defaultTensorNames, modelSpecs, tensorSpecs } from '../../../../server/src/gnn/modelSpecs';
import { usualTensorNames } from '../../../../server/src/lsp/manifest/usualNames';

describe('usual names of tensors', () => {
  for (const kind of modelKinds) {
    it(`of ${kind} are those that the engine gives`, () => {
      const sizes = { kind, layers: 2, hidden: 4, inputs: 3, classes: 2, readout: 'sum' } as const;
      const given = [true, false].flatMap((batchNorm) => {
        const architecture = { ...sizes, batchNorm };
        return tensorSpecs(modelSpecs(architecture, defaultTensorNames(architecture))).map(({ name }) => name);
      });
      assert.deepEqual(usualTensorNames([kind], 2).sort(), [...new Set(given)].sort());
    });
  }
});
