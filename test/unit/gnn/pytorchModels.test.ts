import assert from 'node:assert/strict';
import { modelKinds, readouts } from '../../../protocol/model';
import { collate } from '../../../server/src/graph/batch';
import { Rng } from '../../../server/src/graph/rng';
import { GraphModel } from '../../../server/src/gnn/graphModel';
import { recogniseArchitecture } from '../../../server/src/gnn/recognise';
import { selectBackend } from '../../../server/src/tensor/backend';
import { testedBackends } from '../../support/backends';
import { pytorchGraphs, pytorchLayout, pytorchModels, pytorchTensors } from '../../support/pytorchModels';
import { assertRuns } from '../../support/pytorchRuns';

describe('models of PyTorch Geometric', () => {
  it('are of every kind and readout, with and without BatchNorm', () => {
    const architectures = pytorchModels.map(({ architecture }) => architecture);
    for (const kind of modelKinds) {
      const norms = architectures.filter((each) => each.kind === kind).map(({ batchNorm }) => batchNorm);
      assert.deepEqual(norms.sort(), [false, true], kind);
    }
    assert.deepEqual(new Set(architectures.map(({ readout }) => readout)), new Set(readouts));
  });

  for (const backend of testedBackends) {
    describe(`on ${backend}`, () => {
      before(() => selectBackend(backend));
      after(() => selectBackend('graphnad'));

      for (const { file, architecture, frozen, training } of pytorchModels) {
        it(`${file}: recognised, and the same logits, gradients and statistics`, () => {
          const tensors = pytorchTensors(file);
          const recognition = recogniseArchitecture(tensors, { readout: architecture.readout });
          const { eps, ...found } = recognition.architecture;
          assert.deepEqual(found, architecture);
          assert.equal(eps === undefined, architecture.kind !== 'gin');
          const build = (): GraphModel => GraphModel.fromCheckpoint(tensors, recognition);
          assertRuns(build, collate(pytorchGraphs, pytorchLayout), { frozen, training });
        });
      }
    });
  }

  for (const { file, architecture } of pytorchModels) {
    it(`${file}: a fresh model has its tensor names and shapes`, () => {
      const fresh = GraphModel.random(architecture, new Rng(1));
      const described = (entries: Iterable<{ name: string; dtype: string; shape: readonly number[] }>): string[] =>
        Array.from(entries, ({ name, dtype, shape }) => `${name} ${dtype} [${shape.join(', ')}]`).sort();
      assert.deepEqual(described(fresh.stateDict()), described(pytorchTensors(file).values()));
      fresh.dispose();
    });
  }
});
