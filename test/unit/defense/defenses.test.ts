import assert from 'node:assert/strict';
import { poisonTrainingSet } from '../../../server/src/attack/poisoning';
import { injectTrigger } from '../../../server/src/attack/inject';
import type { Trigger } from '../../../server/src/attack/trigger';
import { encodeDataset } from '../../../server/src/dataset/features';
import { makeMolecules } from '../../../server/src/dataset/synthetic';
import { defenses } from '../../../server/src/defense/defenses';
import { purify } from '../../../server/src/defense/purify';
import { purificationMethods, type PurificationMethod } from '../../../server/src/defense/options';
import { GraphModel } from '../../../server/src/gnn/graphModel';
import { argmaxRows, predictLogits } from '../../../server/src/gnn/predict';
import { trainClassifier } from '../../../server/src/gnn/train';
import type { Graph } from '../../../server/src/graph/graph';
import { Rng } from '../../../server/src/graph/rng';
import { selectBackend } from '../../../server/src/tensor/backend';

const clique: Trigger = {
  nodes: 4,
  edges: [
    [0, 1],
    [0, 2],
    [0, 3],
    [1, 2],
    [1, 3],
    [2, 3],
  ],
  labels: null,
  placement: 'random',
  replace: true,
};
const target = 0;

describe('defenses', function () {
  this.timeout(60_000);
  const { graphs, layout } = encodeDataset({ ...makeMolecules('T', { graphs: 200, seed: 1 }), hash: '' }, 'labels');
  const [train, clean, test] = [graphs.slice(0, 120), graphs.slice(120, 144), graphs.slice(144)];
  const victims = test.filter((graph) => graph.classLabel !== target);
  const rng = new Rng(1, 'attack');
  const triggered = victims.map((graph) => injectTrigger(graph, clique, rng));
  let suspect: GraphModel;

  before(async () => {
    await selectBackend('graphnad');
    suspect = GraphModel.random(
      {
        ...{ kind: 'gin', layers: 2, hidden: 16, inputs: layout.width, classes: 2, readout: 'sum', batchNorm: true },
        eps: [0, 0],
      },
      new Rng(1),
    );
    const poisoned = poisonTrainingSet(train, { trigger: clique, target, rate: 0.2 }, rng).graphs;
    await trainClassifier(suspect, poisoned, layout, { seed: 1, epochs: 40 });
  });
  after(() => suspect.dispose());

  /** Share of the graphs predicted as a class of each. */
  const share = (model: GraphModel, tested: readonly Graph[], classOf: (graph: Graph) => number): number => {
    const predicted = argmaxRows(predictLogits(model, tested, layout), 2);
    return tested.filter((graph, i) => predicted[i] === classOf(graph)).length / tested.length;
  };
  const accuracy = (model: GraphModel): number => share(model, test, (graph) => graph.classLabel);
  const attackSuccess = (model: GraphModel): number => share(model, triggered, () => target);

  it('are listed under their names', () => {
    assert.deepEqual(Object.keys(defenses).sort(), [...purificationMethods].sort());
    for (const method of purificationMethods) assert.equal(defenses[method].name, method);
  });

  /** Least share of the attack that each takes away here; ANP finds no neuron that it could do without. */
  const reduction: Readonly<Record<PurificationMethod, number>> = {
    ...{ graphnad: 0.7, 'graphnad-paper': 0.4, finetune: 0.4, 'fine-pruning': 0.4, nad: 0.4, argd: 0.4, anp: 0 },
  };

  for (const method of purificationMethods) {
    it(`${method} keeps the accuracy of a small backdoored model and lowers what the attack does to it`, async () => {
      const before = { acc: accuracy(suspect), asr: attackSuccess(suspect) };
      assert.ok(before.acc > 0.85 && before.asr > 0.7, JSON.stringify(before));
      const result = await purify({
        ...{ model: suspect, clean, layout, seed: 1, options: { method, anpSteps: 100 } },
        signal: new AbortController().signal,
        onProgress: () => undefined,
      });
      const after = { acc: accuracy(result.student), asr: attackSuccess(result.student) };
      result.disposeModels();
      assert.ok(after.acc >= before.acc - 0.1, `accuracy ${before.acc} -> ${after.acc}`);
      assert.ok(after.asr <= (1 - reduction[method]) * before.asr, `attack ${before.asr} -> ${after.asr}`);
    });
  }
});
