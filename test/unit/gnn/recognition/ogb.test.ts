import assert from 'node:assert/strict';
import { collate } from '../../../../server/src/graph/batch';
import type { FeatureLayout, Graph } from '../../../../server/src/graph/graph';
import { GraphModel } from '../../../../server/src/gnn/graphModel';
import { predictLogits } from '../../../../server/src/gnn/predict';
import { recogniseArchitecture } from '../../../../server/src/gnn/recognise';
import { settleArchitecture } from '../../../../server/src/gnn/settleArchitecture';
import { UnrecognisedArchitectureError } from '../../../../server/src/gnn/unrecognised';
import { Rng } from '../../../../server/src/graph/rng';
import { selectBackend } from '../../../../server/src/tensor/backend';
import { testedBackends } from '../../../support/backends';
import { unlessRefused } from '../../../support/dialects';
import { tensorOf } from '../../../support/numericFixture';
import { asTwo, ogbModels, ogbMolecules, ogbTensors } from '../../../support/ogb';
import type { ExpectedRun } from '../../../support/pytorchModels';
import { assertRuns } from '../../../support/pytorchRuns';
import { assertClose } from '../../defense/assertClose';

/** The output layer keeps the difference of two classes, so the carrier of gradients shows both of them: twice PyTorch's. */
function asTwoClasses({ logits, gradients, running }: ExpectedRun, graphs: number): ExpectedRun {
  if (logits.length !== graphs) return { logits, gradients, running };
  const shown = Object.entries(gradients).map(([name, values]) => {
    return [name, name.startsWith('graph_pred_linear') ? values.map((value) => 2 * value) : values] as const;
  });
  return { logits: asTwo(logits, graphs), gradients: Object.fromEntries(shown), running };
}

describe("models of OGB's examples for molecules", () => {
  let graphs: readonly Graph[];
  let layout: FeatureLayout;

  before(async () => {
    ({ graphs, layout } = await ogbMolecules());
  });

  for (const backend of testedBackends) {
    describe(`on ${backend}`, () => {
      before(() => selectBackend(backend));
      after(() => selectBackend('graphnad'));

      for (const { file, settings, logits, frozen, training } of ogbModels) {
        it(`${file} has the logits, gradients and statistics of PyTorch`, () => {
          const tensors = ogbTensors(file);
          const recognition = recogniseArchitecture(tensors, settings);
          const build = (): GraphModel => GraphModel.fromCheckpoint(tensors, recognition);
          const model = build();
          assertClose(predictLogits(model, graphs, layout), asTwo(logits, graphs.length), file);
          model.dispose();
          const few = graphs.slice(0, 8).map((graph, i) => ({ ...graph, classLabel: i < 4 ? 0 : 1 }));
          assertRuns(build, collate(few, layout), {
            frozen: asTwoClasses(frozen, few.length),
            training: asTwoClasses(training, few.length),
          });
        });
      }
    });
  }

  for (const { file, settings } of ogbModels) {
    it(`${file} is told what it is, and what no tensor shows`, () => {
      const tensors = ogbTensors(file);
      const recognition = recogniseArchitecture(tensors);
      const { architecture, notes, questions, readoutIsGuess } = recognition;
      const isVirtual = file.includes('virtual');
      const isOne = (tensors.get('graph_pred_linear.weight') ?? assert.fail()).shape[0] === 1;
      assert.deepEqual(architecture.embeddings, [119, 5, 12, 12, 10, 6, 6, 2, 2]);
      assert.deepEqual(architecture.edgeEmbeddings, [5, 6, 2]);
      assert.deepEqual([architecture.inputs, architecture.hidden, architecture.classes], [9, 6, 2]);
      assert.deepEqual([architecture.virtualNode ?? false, architecture.oneOutput ?? false], [isVirtual, isOne]);
      assert.equal(architecture.lastActivation, false);
      assert.match(notes[0], /^Recognised by names like .+: .+ of OGB's examples for molecules\.$/);
      assert.ok(notes.some((note) => note.startsWith(isOne ? 'Its one output is taken' : 'Its 2 outputs are taken')));
      assert.deepEqual(questions, [
        { part: 'readout', values: ['mean', 'sum', 'max'] },
        { part: 'residual', values: [false, true] },
        { part: 'jumping', values: [undefined, 'sum'] },
      ]);
      assert.ok(readoutIsGuess && notes.includes('The readout leaves no tensors: mean is assumed.'));
      const said = recogniseArchitecture(tensors, { jumping: undefined, residual: false, ...settings });
      assert.deepEqual(
        said.questions.map(({ part }) => part),
        settings.jumping === undefined ? ['jumping'] : [],
      );
      // What is recognised can be stated.
      const stated = recogniseArchitecture(tensors, said.architecture);
      assert.deepEqual(stated.architecture, said.architecture);
    });

    it(`${file} is refused where a tensor is missing or of another shape, but for biases, which are told of`, () => {
      const tensors = ogbTensors(file);
      for (const [name, tensor] of tensors) {
        if (name.endsWith('num_batches_tracked')) continue;
        const less = new Map([...tensors].filter(([other]) => other !== name));
        const found = unlessRefused(() => recogniseArchitecture(less, settings));
        const isTold = found?.notes.some((note) => note.startsWith('No bias is kept'));
        // Without its last table a model embeds fewer numbers of atoms.
        const isLastTable = name.endsWith('atom_embedding_list.8.weight');
        assert.ok(found === undefined || (name.endsWith('bias') && isTold) || isLastTable, `${file} without ${name}`);
        const longer = tensorOf(name, [...tensor.shape.slice(0, -1), 97], new Array<number>(97 * 119).fill(0.5));
        assert.throws(
          () => recogniseArchitecture(new Map([...tensors, [name, longer]]), settings),
          UnrecognisedArchitectureError,
          `${file} with longer ${name}`,
        );
      }
    });

    it(`${file} is the same in any order of the file, below any names of modules around it`, () => {
      const rng = new Rng(3, file);
      const expected = recogniseArchitecture(ogbTensors(file), settings);
      for (const prefix of ['module.', 'model.net.']) {
        const shuffled = [...ogbTensors(file)].map(([name, tensor]) => ({ place: rng.uniform(), name, tensor }));
        const tensors = new Map(
          shuffled
            .sort((a, b) => a.place - b.place)
            .map(({ name, tensor }) => {
              const called = `${prefix}${name}`;
              return [called, { ...tensor, name: called, values: () => tensor.values() }];
            }),
        );
        assert.deepEqual(recogniseArchitecture(tensors, settings).architecture, expected.architecture);
      }
    });
  }

  it('settle by clean labels what no tensor shows', () => {
    const { file } = ogbModels.find((model) => model.file === 'ogb-gin-virtual.pt') ?? assert.fail();
    const tensors = ogbTensors(file);
    const settled = settleArchitecture(tensors, recogniseArchitecture(tensors), graphs.slice(0, 40), layout);
    assert.equal(settled.architecture.residual, true);
    assert.equal(settled.unsettled, undefined);
  });

  it('run on no graphs whose edges have other features', () => {
    const [{ file, settings }] = ogbModels;
    const model = GraphModel.fromCheckpoint(ogbTensors(file), recogniseArchitecture(ogbTensors(file), settings));
    assert.throws(() => predictLogits(model, graphs, { ...layout, edgeRows: undefined }), /takes 3 numbers an edge/);
    const strange = { ...layout, edgeRows: { width: 3, values: new Float32Array(30).fill(9) } };
    assert.throws(() => predictLogits(model, graphs, strange), /9 has no place in a table of 5/);
    model.dispose();
  });

  it('run on molecules of one atom, without an edge', () => {
    const lone: Graph = { ...graphs[0], nodeCount: 1, edges: new Int32Array(0), edgeLabels: new Int32Array(0), nodeLabels: Int32Array.of(0) }; // prettier-ignore
    for (const { file, settings } of ogbModels) {
      const model = GraphModel.fromCheckpoint(ogbTensors(file), recogniseArchitecture(ogbTensors(file), settings));
      const alone = predictLogits(model, [lone], layout);
      assert.ok(alone.every(Number.isFinite));
      assertClose(predictLogits(model, [graphs[0], lone], layout).subarray(2), alone, file);
      model.dispose();
    }
  });
});
