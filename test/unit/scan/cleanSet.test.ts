import assert from 'node:assert/strict';
import { unsuitableCleanSet } from '../../../server/src/scan/cleanSet';
import { selectBackend } from '../../../server/src/tensor/backend';
import { Rng } from '../../../server/src/graph/rng';
import { cleanGraphs, countingModel, layout } from './handMade';
import { layout as moleculeLayout, molecules, trainedModel } from './synthetic/trained';

describe('unsuitable clean sets', () => {
  before(() => selectBackend('cpu'));

  const reason = (graphs: ReturnType<typeof cleanGraphs>): string | undefined => {
    const model = countingModel(0);
    const answer = unsuitableCleanSet(model, graphs, layout);
    model.dispose();
    return answer;
  };

  it('accepts ten graphs of two classes that the model knows', () => {
    assert.equal(reason(cleanGraphs(10)), undefined);
  });

  it('refuses fewer', () => {
    assert.match(reason(cleanGraphs(9)) ?? '', /only 9 clean graphs, and at least 10/);
    assert.match(reason(cleanGraphs(1)) ?? '', /only 1 clean graph,/);
    assert.match(reason([]) ?? '', /only 0 clean graphs,/);
  });

  it('refuses a single class', () => {
    const oneClass = cleanGraphs(30).filter((graph) => graph.classLabel === 1);
    assert.match(reason(oneClass) ?? '', /belong to one class/);
  });

  it('refuses a class that the model does not know', () => {
    const graphs = cleanGraphs(12).map((graph, i) => (i === 0 ? { ...graph, classLabel: 2 } : graph));
    assert.match(reason(graphs) ?? '', /class 2 .* only 2 classes/);
  });

  it('refuses graphs that the model only guesses at', () => {
    const swapped = cleanGraphs(20).map((graph) => ({ ...graph, classLabel: 1 - graph.classLabel }));
    assert.match(reason(swapped) ?? '', /guessing gives 50%: they do not seem to be graphs of the kind/);
  });

  it('refuses random graphs of the right width, and accepts those that the model was trained on', async () => {
    await selectBackend('graphnad');
    const model = await trainedModel();
    const clean = molecules.slice(0, 24);
    assert.equal(unsuitableCleanSet(model, clean, moleculeLayout), undefined);
    const rng = new Rng(2);
    const random = clean.map((graph) => ({
      ...graph,
      nodeLabels: graph.nodeLabels.map(() => rng.integer(moleculeLayout.labelColumns)),
    }));
    const reason = unsuitableCleanSet(model, random, moleculeLayout) ?? '';
    assert.match(reason, /standard deviations from what .* recorded in training: they are not graphs of the kind/);
    model.dispose();
  });
});
