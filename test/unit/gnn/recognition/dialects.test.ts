import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { readCheckpoint } from '../../../../server/src/checkpoint/readCheckpoint';
import { rewriteCheckpoint } from '../../../../server/src/checkpoint/rewriteCheckpoint';
import { encodeDataset } from '../../../../server/src/dataset/features';
import { loadDataset } from '../../../../server/src/dataset/loadDataset';
import { GraphModel } from '../../../../server/src/gnn/graphModel';
import { predictLogits } from '../../../../server/src/gnn/predict';
import { recogniseArchitecture, type Recognition } from '../../../../server/src/gnn/recognise';
import { Rng } from '../../../../server/src/graph/rng';
import { selectBackend } from '../../../../server/src/tensor/backend';
import { dialectGraphs, dialectLayout, dialectModels, dialectTensors, unlessRefused } from '../../../support/dialects';
import { builtPlan, plannedGraphs, plannedModels, pytorchLayout } from '../../../support/pytorchModels';
import { tensorOf } from '../../../support/numericFixture';
import { sharedOrSkip } from '../../../support/shared';
import { assertClose } from '../../defense/assertClose';

/** Those whose names say what they are. */
const recognised = dialectModels.filter(({ file }) => !/^other/.test(file));

function modelOf(file: string, recognition: Recognition): GraphModel {
  return GraphModel.fromCheckpoint(dialectTensors(file), recognition);
}

describe('dialects', () => {
  before(() => selectBackend('graphnad'));

  for (const { file, architecture, logits } of recognised) {
    it(`${file} has the logits of its library, and keeps its names`, () => {
      const tensors = dialectTensors(file);
      const recognition = recogniseArchitecture(tensors, architecture);
      const model = modelOf(file, recognition);
      assertClose(predictLogits(model, dialectGraphs, dialectLayout), logits.graphs, file);
      const exported = model.exportTensors();
      for (const [name, values] of exported)
        assertClose(values, Float32Array.from(tensors.get(name)?.values() ?? []), name);
      const left = [...tensors.keys()].filter((name) => !exported.has(name) && !/eps|num_batches_tracked/.test(name));
      assert.deepEqual(left, []);
      model.dispose();
    });

    it(`${file} says what it was recognised as and what was assumed, of which all can be said`, () => {
      const tensors = dialectTensors(file);
      const { notes, questions, readoutIsGuess } = recogniseArchitecture(tensors);
      assert.match(notes[0], /^Recognised by names like .+: .+\.$/);
      for (const { part } of questions) {
        assert.ok(part === 'readout' ? readoutIsGuess : notes.some((note) => note.includes(`(${part})`)), part);
      }
      for (const part of Object.keys(architecture)) {
        const isShown = ['kind', 'headsAveraged'].includes(part) || file.startsWith('pyg-models');
        assert.ok(isShown || questions.some((question) => question.part === part), `${part} is not asked for`);
      }
    });
  }

  it('have the logits of their libraries on real graphs', async function () {
    const folder = sharedOrSkip(this, 'data', 'tu');
    const { graphs, layout } = encodeDataset(await loadDataset(path.join(folder, 'AIDS')), 'labels');
    for (const { file, architecture, logits } of recognised) {
      const model = modelOf(file, recogniseArchitecture(dialectTensors(file), architecture));
      const shown = graphs.slice(0, logits.aids.length / 2);
      assertClose(predictLogits(model, shown, layout), logits.aids, file);
      model.dispose();
    }
  });

  it('are written back under their names', () => {
    for (const { file, architecture } of recognised) {
      const bytes = readFileSync(path.join(__dirname, '../../../fixtures/dialects', file));
      const model = modelOf(file, recogniseArchitecture(dialectTensors(file), architecture));
      const halved = new Map(
        [...model.exportTensors()].map(([name, values]) => [name, values.map((value) => value / 2)]),
      );
      const { tensors } = readCheckpoint(rewriteCheckpoint(bytes, file, halved).bytes, file);
      assert.deepEqual([...tensors.keys()], [...dialectTensors(file).keys()]);
      for (const [name, values] of halved)
        assert.deepEqual(tensors.get(name)?.values(), Float64Array.from(values), name);
      model.dispose();
    }
  });

  it('are the same in any order of the file, below any names of modules around them, or are refused', () => {
    const wrapper = fc.constantFrom('module', '_orig_mod', 'model', 'net', 'student', 'é');
    const given = fc.record({
      model: fc.constantFrom(...recognised),
      wrappers: fc.array(wrapper, { maxLength: 3 }),
      seed: fc.nat(),
    });
    let right = 0;
    const runs = 150;
    fc.assert(
      fc.property(given, ({ model: { file, architecture, logits }, wrappers, seed }) => {
        const rng = new Rng(seed);
        const prefix = wrappers.map((name) => `${name}.`).join('');
        const tensors = new Map(
          [...dialectTensors(file)]
            .map(([name, tensor]) => ({ place: rng.uniform(), name: `${prefix}${name}`, tensor }))
            .sort((a, b) => a.place - b.place)
            .map(({ name, tensor }) => [name, { ...tensor, name, values: () => tensor.values() }]),
        );
        const recognition = unlessRefused(() => recogniseArchitecture(tensors, architecture));
        if (recognition === undefined) return;
        const model = GraphModel.fromCheckpoint(tensors, recognition);
        assertClose(predictLogits(model, dialectGraphs, dialectLayout), logits.graphs, `${file}, ${seed}`);
        model.dispose();
        right++;
      }),
      { seed: 5, numRuns: runs },
    );
    assert.ok(right > 0.95 * runs, `${right} of ${runs}`);
  });

  it('are refused where a tensor is missing or of another shape, but for biases, which are told of', () => {
    for (const { file, architecture } of recognised) {
      const tensors = dialectTensors(file);
      for (const [name, tensor] of tensors) {
        if (name.endsWith('num_batches_tracked')) continue;
        const less = new Map([...tensors].filter(([other]) => other !== name));
        const found = unlessRefused(() => recogniseArchitecture(less, architecture));
        const isTold = found?.notes.some((note) => /^(?:No bias is kept|The checkpoint keeps no eps)/.test(note));
        assert.ok(found === undefined || (/bias$|eps$/.test(name) && isTold), `${file} without ${name}`);
        const longer = tensorOf(name, [...tensor.shape.slice(0, -1), 97], new Array<number>(97 * 97).fill(0.5));
        const stretched = unlessRefused(() =>
          recogniseArchitecture(new Map([...tensors, [name, longer]]), architecture),
        );
        // Nothing contradicts a first layer that takes more features.
        assert.ok(stretched === undefined || stretched.architecture.inputs === 97, `${file} with longer ${name}`);
      }
    }
  });

  it('are told apart from what is known and cannot be run', () => {
    const known = dialectTensors('pyg-gin.safetensors');
    const strange: readonly (readonly [string, RegExp])[] = [
      ['bond_encoder.bond_embedding_list.0.weight', /its layers take features of edges, and are not those of OGB/],
      ['atom_encoder.atom_embedding_list.0.weight', /it embeds atoms, and its layers are not those of OGB/],
      ['virtualnode_embedding.weight', /it has a virtual node .+ and its layers are not those of OGB/],
      ['edge_encoder.weight', /its layers take features of edges in another way/],
      ['pool.gate_nn.0.weight', /its readout weighs nodes by a network/],
      ['pool.lstm.weight_ih_l0', /it has a recurrent layer/],
    ];
    for (const [name, reason] of strange) {
      const more = new Map([...known, [name, tensorOf(name, [4, 4], new Array<number>(16).fill(0))]]);
      assert.throws(() => recogniseArchitecture(more), reason);
    }
  });

  it('are recognised by names that the user gives, where the file has others', () => {
    const file = 'other-names.safetensors';
    const tensors = dialectTensors(file);
    const expected = dialectModels.find((model) => model.file === file) ?? assert.fail();
    assert.throws(() => recogniseArchitecture(tensors), /no layer of a known kind/);
    const names = { 'first.alpha': 'convs.0.nn', 'second.alpha': 'convs.1.nn', answer: 'lin' };
    const recognition = recogniseArchitecture(tensors, { ...expected.architecture, tensors: names });
    const model = modelOf(file, recognition);
    assertClose(predictLogits(model, dialectGraphs, dialectLayout), expected.logits.graphs, file);
    assert.ok([...model.exportTensors().keys()].every((name) => tensors.has(name)));
    model.dispose();
  });

  it('tell two readouts side by side by the width of what reads them', () => {
    const fixture = plannedModels.find(({ name }) => name === 'two-readouts') ?? assert.fail('no such fixture');
    const recognition = recogniseArchitecture(fixture.tensors);
    assert.deepEqual([recognition.architecture.readout, recognition.architecture.secondReadout], ['max', 'mean']);
    assert.ok(recognition.readoutIsGuess);
    assert.match(
      recognition.notes.at(-1) ?? '',
      /^Two readouts side by side leave no tensors: max, then mean are assumed/,
    );
    const models = [builtPlan(fixture), GraphModel.fromCheckpoint(fixture.tensors, recognition)];
    const [expected, found] = models.map((model) => predictLogits(model, plannedGraphs, pytorchLayout));
    assertClose(found, expected, 'logits');
    for (const model of models) model.dispose();
    const other = recogniseArchitecture(fixture.tensors, { readout: 'mean', secondReadout: 'max' });
    assert.deepEqual([other.architecture.readout, other.architecture.secondReadout], ['mean', 'max']);
    assert.equal(other.readoutIsGuess, false);
  });

  it('believe in two readouts only as far as widths allow', () => {
    const { tensors } = plannedModels.find(({ name }) => name === 'two-readouts') ?? assert.fail('no such fixture');
    const named = (pattern: RegExp) => new Map([...tensors].filter(([name]) => pattern.test(name)));
    // Two layers that are as wide together: layers side by side are assumed.
    const twoLayers = named(/^(?:convs|bns)\.[01]\.|^lin/);
    assert.equal(recogniseArchitecture(twoLayers).architecture.jumping, 'cat');
    const stated = recogniseArchitecture(twoLayers, { secondReadout: 'sum' }).architecture;
    assert.deepEqual([stated.jumping, stated.readout, stated.secondReadout], [undefined, 'max', 'sum']);
    assert.throws(
      () => recogniseArchitecture(dialectTensors('pyg-gin.safetensors'), { secondReadout: 'sum' }),
      /secondReadout was given as sum, but the tensors show none/,
    );
  });
});
