import assert from 'node:assert/strict';
import type { Trigger } from '../../../server/src/attack/trigger';
import { Rng } from '../../../server/src/graph/rng';
import { measureTrigger } from '../../../server/src/scan/estimatedAsr';
import { findTrigger } from '../../../server/src/scan/findTrigger';
import { selectBackend } from '../../../server/src/tensor/backend';
import { cleanGraphs, countingModel, layout } from './handMade';

const labelMarginal = Float64Array.of(0.49, 0.49, 0.02);

describe('findTrigger', () => {
  before(() => selectBackend('cpu'));

  it('finds a trigger that works on graphs it was not fitted on', async () => {
    const model = countingModel(2);
    const hosts = cleanGraphs(20, 1).filter((graph) => graph.classLabel === 0);
    const trigger = await findTrigger({ model, layout, hosts, target: 1, labelMarginal, rng: new Rng(2) });
    const measured = measureTrigger(model, trigger, 1, cleanGraphs(40, 2), layout, 0);
    assert.ok(measured.asr > 0.9);
    assert.equal(measured.cleanTargetRate, 0);
    model.dispose();
  });

  it('does not lose a strong trigger that it is given', async () => {
    const model = countingModel(0.2);
    const hosts = cleanGraphs(12).filter((graph) => graph.classLabel === 0);
    const many = [0, 1, 2, 3, 4, 5, 6];
    const known: Trigger = {
      nodes: 7,
      edges: many.flatMap((u) => many.filter((v) => v > u).map((v) => [u, v] as const)),
      labels: many.map(() => 1),
      placement: 'degree',
      replace: true,
    };
    const asrOf = (trigger: Trigger): number => measureTrigger(model, trigger, 1, hosts, layout, 0).asr;
    // Without labels to draw, the prior changes edges only, and edges hardly make class 1.
    const search = { model, layout, hosts, target: 1, labelMarginal: new Float64Array(0) };
    assert.ok(asrOf(await findTrigger({ ...search, rng: new Rng(9) })) < 0.5);
    assert.equal(asrOf(await findTrigger({ ...search, shortlist: [known], rng: new Rng(9) })), 1);
    model.dispose();
  });
});
